"""The close pack: an accounting month for people, as an Excel workbook and a self-contained HTML page."""

from focus_validate.close_pack.pack import Pack, build_pack
from focus_validate.close_pack.page import render_page
from focus_validate.close_pack.workbook import render_workbook

__all__ = ["Pack", "build_pack", "render_page", "render_workbook"]

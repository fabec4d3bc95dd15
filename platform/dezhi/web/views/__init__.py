"""What the templates show: one frozen Struct a page, filled by the handler of the same noun.

A template `work/award.html` gets `page` (`views.frame.Page`) and `view` (`views.work.Award`). Names on public pages
come already masked; sentences come already translated; nothing here reads or decides anything.
"""

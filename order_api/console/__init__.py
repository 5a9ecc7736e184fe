"""Pages for staff: the latest orders, one order with everything known about it, and the actions on it.

The console holds no rule of its own: `access` says what a page may show, and the order says which actions it
allows. Pages read and act through the stories that the API calls. A new action is a file with `@action`, a template and
an import in `pages`.
"""

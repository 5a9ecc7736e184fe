"""Pages for staff: the latest orders, one order with everything known of it, and what may be done to it.

The console holds no rule of its own. It asks `access` what a page may show and the order what may be done now; it reads
and acts through the stories that the API calls. A new action is a file with `@action`, a template and an import in
`pages`.
"""

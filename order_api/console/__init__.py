"""Pages for staff: the latest orders, and one order with everything known of it. Read-only, and no rule of its own.

What a page may show is asked of `access`; what it shows is read by the same verbs that answer the API.
"""

"""Outside systems that may fall silent: each builtin adapter asks a server first, and the server may never answer."""

"""A topology as Linux network namespaces: routers, stateless filters, connection tracking.

Written from AWS's guides and from nothing of the program under test; the kernel finds the longest prefix, tracks the
connections and counts the ports.
"""

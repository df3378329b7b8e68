"""One type per AWS noun, the site file, and the inventory that indexes both."""

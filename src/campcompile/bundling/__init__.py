"""Bundles: what the compiler makes of a campaign for whoever sends, plans or exports it.

bundles.py lays the files out, naming.py names what is computed for a person, listing.py writes the manifest.
"""

from campcompile.bundling.bundles import Bundle, bundle, index
from campcompile.bundling.listing import manifest_field

__all__ = ["Bundle", "bundle", "index", "manifest_field"]

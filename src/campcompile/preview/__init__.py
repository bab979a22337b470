"""The preview: a page that shows a workspace while it is being written, and the server on this machine that feeds it.

watching.py tells what changed, workshop.py keeps all that is compiled of it, server.py answers the page (page/).
Between them are what the page shows, each as JSON: tree, mail, findings, journey, measures. static.py writes the same
page as files. The people in it are made up; real ones can't be loaded.
"""

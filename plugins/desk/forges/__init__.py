"""One module a forge on the web, with its calls; `hosted.py` and `api.py` hold what they share."""

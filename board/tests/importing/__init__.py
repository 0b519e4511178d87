"""manage.py load_community: posts and chat logs from elsewhere."""

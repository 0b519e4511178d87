"""What user text becomes. Excerpts of posts are from ko.react.dev, © Meta and contributors, CC BY 4.0."""

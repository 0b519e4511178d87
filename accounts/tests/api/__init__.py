"""The JSON API of people, row by row of its documentation."""

PROFILE = {"id", "nickname", "status", "about", "profile_picture", "skills", "interests", "links", "is_private"}

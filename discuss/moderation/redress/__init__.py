"""What people may ask of moderators: why, an appeal, an answer to a report or a legal notice."""

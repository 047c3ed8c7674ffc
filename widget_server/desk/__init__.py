"""What agents keep at hand: drafts, replies on their way, saved replies and views, who is here."""

"""Files people send: judged by content, kept on disk, handed out so that none can ever run."""

"""How fast, how small: every figure beside the bar it is held to."""

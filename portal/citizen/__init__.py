"""The pages of the citizen: plain pages over the journeys, in Traditional Chinese, working without JavaScript."""

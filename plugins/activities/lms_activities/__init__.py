"""The kinds of activities that courses are built of."""

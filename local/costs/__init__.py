"""`make costs`: what was spent and by whom, by the saved queries, on a log file or in CloudWatch."""

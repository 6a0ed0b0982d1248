"""`make costs`: what was spent and by whom, by the saved queries of the template, on a log file or in CloudWatch."""

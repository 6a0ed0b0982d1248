"""`make run`: emulates AWS Lambda's function URLs on 127.0.0.1, from the SAM template, with real runtime processes."""

"""A Lambda runtime that streams responses, which Python's managed runtime cannot do; it replaces that one's process.

Lambda starts it through `exec-wrapper`, where `AWS_LAMBDA_EXEC_WRAPPER` names that file. It uses the standard library
and the public Runtime API only, and imports nothing of the bundle but the handler.
"""

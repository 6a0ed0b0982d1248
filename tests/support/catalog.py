"""A model at a host of the operator's, as an overlay of the catalog describes it."""

OUR_OWN = """
["custom/mine"]
context = 100_000
max_output_tokens = 50_000
thinking = "effort"
effort = "high"
edit_effort = "low"
json_answers = "json_object"
tokens_per_second = 50
rate_source = "a test"
[["custom/mine".prices]]
input = 1
cached_input = 1
output = 1
source = "a test"
date = 2026-11-28
"""

"""Whether what the check accepts renders, and what it refuses does not: judged by the renderers themselves."""

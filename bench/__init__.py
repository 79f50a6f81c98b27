"""What Discuss costs and how fast it is, side by side with others, one command a figure.

`python -m bench` measures all of it and writes docs/performance.md; `python -m bench.reading` and
its neighbours measure one thing. Tests never look at a clock; this is where it is looked at.
"""

"""Shortest paths in a weighted graph."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field


@dataclass(order=True)
class Step:
    distance: float
    node: str = field(compare=False)


def dijkstra(graph: dict[str, dict[str, float]], start: str) -> dict[str, float]:
    distances = {start: 0.0}
    queue = [Step(0.0, start)]
    while queue:
        step = heapq.heappop(queue)
        if step.distance > distances[step.node]:
            continue
        for neighbour, weight in graph[step.node].items():
            if (distance := step.distance + weight) < distances.get(neighbour, float("inf")):
                distances[neighbour] = distance
                heapq.heappush(queue, Step(distance, neighbour))
    return distances


if __name__ == "__main__":
    print(dijkstra({"a": {"b": 1, "c": 4}, "b": {"c": 2}, "c": {}}, "a"))

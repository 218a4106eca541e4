"""Writes what networkx says about some networks, for network_test.go to compare with.

Run by hand, with Python 3 and

    pip install networkx==3.4.2 numpy==2.4.6 scipy==1.17.1
    python reference.py ../../../seed DIFFUSION

where DIFFUSION is a folder with the tables of medinnovations and kfamily, each in a folder
of its own: nodes.csv (id, group) and edges.csv (source, target, weight; source names target).
Each network goes to NAME.json.gz beside this script: ties as [learner, source, weight],
people as places in the order of their ids, missing numbers as null.

Brokerage, the E-I index and the mean of clustering are not in networkx; they are counted
here from their definitions, slowly. Roles are told in the direction of knowledge, from the
source to the learner.
"""

import csv
import gzip
import itertools
import json
import math
import pathlib
import sys

import networkx as nx

HERE = pathlib.Path(__file__).parent


def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def study(folder):
    rows = table(folder / "nodes.csv")
    ties = [(r["source"], r["target"], float(r["weight"])) for r in table(folder / "edges.csv")]
    return network([r["id"] for r in rows], ties, {r["id"]: r["group"] for r in rows})


def learnings(seed):
    """Who learned from whom, by how many learnings; the groups are what people and bodies are."""
    kind = {}
    for name in ("people", "organizations", "networks"):
        kind.update({r["id"]: name for r in table(seed / f"{name}.csv")})
    ties = [(r["learner_id"], r["teacher_id"], 1.0) for r in table(seed / "learnings.csv")]
    ids = {end for tie in ties for end in tie[:2]}
    return network(ids, ties, {i: kind[i] for i in ids})


def hand():
    """Two trios and who stands between them, one who only names, one alone, one without a group."""
    ties = ["a b 2", "b a 1", "b c 1", "c a 1", "c d 3", "d e 1", "e f 1", "f d 2", "e d 1", "g a 1", "g f 1", "i c 1", "e i 0.5"]
    split = [t.split() for t in ties]
    groups = {"a": "left", "b": "left", "c": "left", "d": "right", "e": "right", "f": "right", "g": "other", "h": "other"}
    return network("abcdefghi", [(a, b, float(w)) for a, b, w in split], groups)


def network(ids, ties, group):
    place = {name: i for i, name in enumerate(sorted(ids))}
    number = {name: i for i, name in enumerate(sorted({g for g in group.values() if g}))}
    graph = nx.DiGraph()
    for name, i in place.items():
        graph.add_node(i, id=name, group=number.get(group.get(name), -1))
    for learner, source, weight in ties:
        a, b = place[learner], place[source]
        if a != b:
            graph.add_edge(a, b, weight=graph.get_edge_data(a, b, {"weight": 0})["weight"] + weight)
    return graph


def described(graph):
    groups = [graph.nodes[i]["group"] for i in graph]
    plain = nx.Graph(graph.edges())
    plain.add_nodes_from(graph)
    clustering = [value if plain.degree(i) > 1 else None for i, value in row(nx.clustering(plain), plain, True)]
    communities = nx.community.louvain_communities(graph, seed=1)
    grouped = graph.subgraph(i for i in graph if groups[i] >= 0)
    return {
        "ids": [graph.nodes[i]["id"] for i in graph],
        "ties": [[a, b, w] for a, b, w in graph.edges(data="weight")],
        "groups": groups,
        "density": nx.density(graph),
        "reciprocity": nx.overall_reciprocity(graph),
        "weak": sorted(map(len, nx.weakly_connected_components(graph)), reverse=True),
        "strong": sorted(map(len, nx.strongly_connected_components(graph)), reverse=True),
        "in": row(graph.in_degree(), graph),
        "out": row(graph.out_degree(), graph),
        "inWeight": row(graph.in_degree(weight="weight"), graph),
        "outWeight": row(graph.out_degree(weight="weight"), graph),
        "betweenness": row(nx.betweenness_centrality(graph), graph),
        "closeness": row(nx.closeness_centrality(graph), graph),
        "pagerank": row(nx.pagerank(graph, max_iter=1000, tol=1e-14 / len(graph)), graph),
        "eigenvector": eigenvector(graph),
        "clustering": clustering,
        "meanClustering": mean([c for c in clustering if c is not None]),
        "transitivity": nx.transitivity(plain),
        "triangles": sum(nx.triangles(plain).values()) // 3,
        "assortativity": nx.attribute_assortativity_coefficient(grouped, "group"),
        "degreeAssortativity": nx.degree_assortativity_coefficient(graph),
        "ei": ei(grouped, groups),
        "roles": roles(graph, groups),
        "communities": [next(k for k, c in enumerate(communities) if i in c) for i in sorted(graph)],
        "modularity": nx.community.modularity(graph, communities),
        "bestModularity": max(nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=s)) for s in range(20)),
    }


def row(values, graph, pairs=False):
    values = dict(values)
    return [(i, values[i]) if pairs else values[i] for i in sorted(graph)]


def mean(values):
    return sum(values) / len(values) if values else None


def eigenvector(graph):
    """Missing where nobody reaches themselves, or where the values do not settle."""
    if nx.is_directed_acyclic_graph(graph):
        return None
    try:
        return row(nx.eigenvector_centrality(graph, max_iter=20_000, tol=1e-14, weight="weight"), graph)
    except nx.PowerIterationFailedConvergence:
        return None


def ei(graph, groups):
    external = sum(groups[a] != groups[b] for a, b in graph.edges())
    return (2 * external - graph.number_of_edges()) / graph.number_of_edges()


def roles(graph, groups):
    """Per person: coordinator, itinerant, gatekeeper, representative, liaison, left out."""
    counts = [[0] * 6 for _ in graph]
    for broker in graph:
        for learner, source in itertools.product(graph.predecessors(broker), graph.successors(broker)):
            if learner != source and not graph.has_edge(learner, source):
                counts[broker][role(groups[source], groups[broker], groups[learner])] += 1
    return counts


def role(source, broker, learner):
    if -1 in (source, broker, learner):
        return 5
    alike = (source == broker, broker == learner, source == learner)
    return {(True, True, True): 0, (False, False, True): 1, (False, True, False): 2, (True, False, False): 3, (False, False, False): 4}[alike]


def without_nan(value):
    if isinstance(value, dict):
        return {k: without_nan(v) for k, v in value.items()}
    if isinstance(value, list):
        return [without_nan(v) for v in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def main(seed, diffusion):
    networks = {
        "hand": hand(),
        "learnings": learnings(pathlib.Path(seed)),
        "medinnovations": study(pathlib.Path(diffusion) / "medinnovations"),
        "kfamily": study(pathlib.Path(diffusion) / "kfamily"),
    }
    for name, graph in networks.items():
        text = json.dumps(without_nan(described(graph)), allow_nan=False, separators=(",", ":"))
        (HERE / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


main(*sys.argv[1:])

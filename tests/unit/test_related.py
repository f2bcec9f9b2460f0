"""The relatedness engine on its own: neighbours, reasons, odd input, and work that stays linear."""

import json
import os
import pickle
import pydoc_data.topics
import random
import subprocess
import sys
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import pytest

from explainers import relations
from explainers.relations import Related, count_terms, related, related_from_counts

EXT = Path(relations.__file__).parent.parent


def doc(id_, title="", body="", **fields):
    return {"id": id_, "title": title, "body": body, **fields}


LIBRARY = [
    doc(
        "q-learning",
        "Q-learning",
        "An agent learns action values from rewards. The policy takes the best action; exploration "
        "finds better rewards.",
        tags=["reinforcement-learning"],
    ),
    doc(
        "policy-gradient",
        "Policy gradients",
        "The gradient of expected rewards improves the policy of an agent. Action values make a "
        "baseline.",
        tags=["reinforcement-learning"],
    ),
    doc(
        "sourdough",
        "Sourdough bread",
        "Flour, water and a starter ferment. Knead the dough, proof the dough, bake the bread in a "
        "hot oven.",
        tags=["baking"],
    ),
    doc(
        "pizza",
        "Pizza dough",
        "Knead flour, water and yeast. The dough rises; bake in a hot oven until the crust is "
        "crisp.",
        tags=["baking"],
    ),
    doc(
        "kalman",
        "Kalman filter",
        "A linear filter estimates the hidden state of a system from noisy measurements with "
        "Gaussian noise.",
        tags=["estimation"],
    ),
    doc(
        "particle",
        "Particle filter",
        "Samples estimate the hidden state when noise is not Gaussian; measurements weigh each "
        "sample.",
        tags=["estimation"],
    ),
]


def ids(found):
    return {name: [other.id for other in others] for name, others in found.items()}


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("q-learning", "policy-gradient"),
        ("policy-gradient", "q-learning"),
        ("sourdough", "pizza"),
        ("pizza", "sourdough"),
        ("kalman", "particle"),
        ("particle", "kalman"),
    ],
)
def test_obvious_neighbours_come_first(name, nearest):
    assert ids(related(LIBRARY))[name][0] == nearest


def test_shape_of_the_answer():
    found = related(LIBRARY, k=2)
    assert list(found) == [d["id"] for d in LIBRARY]
    for name, others in found.items():
        assert len(others) <= 2
        assert name not in [other.id for other in others]
        assert [o.score for o in others] == sorted((o.score for o in others), reverse=True)
        assert all(isinstance(o, Related) and o.score > 0 and len(o.reasons) <= 3 for o in others)


@pytest.mark.parametrize("k", [0, -1])
def test_none_wanted_none_given(k):
    same = [doc(name, "Beam search") for name in "abcd"]
    assert related(same, k) == {name: [] for name in "abcd"}


def test_a_smaller_k_is_the_start_of_a_larger_one():
    documents = generated(80)
    few, many = related(documents, 3), related(documents, 15)
    assert few == {name: others[:3] for name, others in many.items()}


def test_order_given_does_not_matter():
    shuffled = list(LIBRARY)
    random.Random(3).shuffle(shuffled)
    assert shuffled != LIBRARY
    assert related(shuffled) == related(LIBRARY)
    assert list(related(shuffled)) == [d["id"] for d in shuffled]


def test_mappings_and_objects_and_generators_are_the_same():
    objects = (SimpleNamespace(**d) for d in LIBRARY)
    assert related(objects) == related(LIBRARY)


def test_missing_and_empty_fields_count_as_empty():
    bare = [{"id": "a", "title": "Beam search"}, {"id": "b", "title": "Beam search"}]
    full = [{**d, "summary": None, "headings": (), "body": "", "tags": None} for d in bare]
    assert related(bare) == related(full)
    assert ids(related(bare)) == {"a": ["b"], "b": ["a"]}


def test_headings_may_be_a_list_or_one_text():
    lines = ["Beam search", "Greedy decoding"]
    a, b = count_terms({"headings": lines}), count_terms({"headings": "\n\n".join(lines)})
    assert a == b
    assert "search greedi" not in a.terms  # a phrase does not run from one heading into the next


@pytest.mark.parametrize("documents", [[], [doc("only", "Alone", "Some words.")]])
def test_nothing_to_relate(documents):
    assert related(documents) == {d["id"]: [] for d in documents}


def test_documents_without_text_are_related_to_nothing():
    found = related([*LIBRARY, doc("empty"), doc("void", None, "", tags=[])])
    assert found["empty"] == found["void"] == []
    assert not {"empty", "void"} & {other for others in ids(found).values() for other in others}


def test_identical_documents_tie_by_id():
    same = [doc(name, "Beam search", "Keep the best hypotheses.") for name in "cabd"]
    found = related(same)
    assert ids(found) == {
        "c": ["a", "b", "d"],
        "a": ["b", "c", "d"],
        "b": ["a", "c", "d"],
        "d": ["a", "b", "c"],
    }
    assert len({other.score for others in found.values() for other in others}) == 1


def test_two_documents_with_one_id_are_refused():
    with pytest.raises(ValueError, match="'twice'"):
        related([doc("twice", "One"), doc("once", "Two"), doc("twice", "Three")])


def test_ids_need_not_be_text():
    found = related([doc(n, "Beam search", "hypotheses") for n in (10, 9)])
    assert ids(found) == {10: [9], 9: [10]}


def test_a_title_that_is_mentioned_brings_its_document_forward():
    """Two documents of the same words: only that one is titled with what the reader mentions."""
    corpus = [
        doc("reader", "Translating", "Beam search. Hypotheses."),
        doc("other", "Lattice pruning", "Beam search."),
        doc("titled", "Beam search", "Lattice pruning."),
        *LIBRARY,
    ]
    assert ids(related(corpus))["reader"] == ["titled", "other"]
    for title, place in (("Beam search", 1), ("Lattice pruning", 2)):
        corpus[place] |= {"title": title}
    assert ids(related(corpus))["reader"][0] == "other"


def test_a_word_in_the_summary_counts_more_than_in_the_body():
    corpus = [
        doc("reader", body="alpha"),
        doc("in-body", body="alpha", summary="gamma"),
        doc("in-summary", body="gamma", summary="alpha"),
    ]
    assert ids(related(corpus))["reader"] == ["in-summary", "in-body"]


def test_words_that_nobody_else_uses_change_nothing():
    wordy = [{**LIBRARY[0], "body": LIBRARY[0]["body"] + " Xylophones. Zyzzyvas."}, *LIBRARY[1:]]
    assert ids(related(wordy)) == ids(related(LIBRARY))
    scores = [
        [o.score for o in found["policy-gradient"]] for found in map(related, (wordy, LIBRARY))
    ]
    assert scores[0] == scores[1]


def test_equal_tags_bring_documents_nearer():
    texts = {"a": "alpha beta", "b": "alpha gamma", "c": "alpha gamma"}
    plain = [doc(name, body=text) for name, text in texts.items()]
    tagged = [{**d, "tags": ["decoding"]} if d["id"] in "ac" else d for d in plain]
    assert ids(related(plain))["a"] == ["b", "c"]
    assert ids(related(tagged))["a"] == ["c", "b"]


def test_of_two_equally_near_the_less_crowded_comes_first():
    corpus = [
        doc("reader", body="alpha. beta"),
        doc("crowded", body="alpha. gamma. delta"),
        doc("secluded", body="beta. kappa. sigma"),
        doc("neighbour", body="gamma. delta"),  # so near to "crowded"
        doc("far", body="kappa. one1. two2. three3. four4. five5"),
        doc("away", body="sigma. one1. two2. three3. four4. five5"),
    ]
    assert ids(related(corpus))["reader"] == ["secluded", "crowded"]


# --- reasons


def only_reasons(a, b, prefer=()):
    """The reasons between two texts, in a corpus where other words are not shared."""
    documents = [doc("a", body=a), doc("b", body=b), *LIBRARY]
    counts = {d["id"]: count_terms(d) for d in documents}
    return next(o for o in related_from_counts(counts, 9, prefer)["a"] if o.id == "b").reasons


def test_reasons_are_words_of_both_documents():
    texts = {d["id"]: f"{d['title']} {d['body']}".lower() for d in LIBRARY}
    for name, others in related(LIBRARY).items():
        for other in others:
            assert other.reasons
            for reason in other.reasons:
                stem = reason.lower()[:4]
                assert stem in texts[name]
                assert stem in texts[other.id]


def test_a_phrase_hides_its_words():
    reasons = only_reasons("A reward model scores. Hamsters.", "Train a reward model. Hamsters.")
    assert reasons[0] == "reward model"
    assert "hamsters" in [r.lower() for r in reasons]
    assert not {"reward", "model"} & set(reasons)


def test_reasons_are_written_as_they_mostly_are():
    a = "RLHF aligns. Reward models rank. Reward models score."
    b = "RLHF again. Reward models help; a Reward Model too."
    assert only_reasons(a, b)[:2] == ("Reward models", "RLHF")
    b = "RLHF again. Reward models help."
    a = "RLHF aligns. A Reward Model ranks; a Reward Model scores."
    assert only_reasons(a, b + " A Reward Model, any Reward Model.")[0] == "Reward Model"


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ("Many LLMs write.", "One LLM wrote.", {"LLM", "LLMs"}),
        ("Deep Q-learning", "Why does Q-learning wander?", {"Q-learning"}),
        ("Use PyTorch here.", "PyTorch was used.", {"PyTorch"}),
        ("A chain of thought.", "The chain of thought helps.", {"chain of thought"}),
        ("Newton's method converges", "by Newton’s method", {"Newton method"}),
        ("la régression linéaire", "une régression linéaire", {"régression linéaire"}),
        ("self-attention layers", "with self-attention", {"self-attention"}),
    ],
)
def test_written_forms_stay_whole(a, b, reason):
    assert only_reasons(a, b)[0] in reason


def test_no_phrase_across_a_comma_a_sentence_or_a_small_word():
    terms = count_terms(doc("x", body="graph, search. Kernel for trees (bounds) margin")).terms
    assert [t for t in terms if " " in t] == []


def test_preferred_terms_are_named_first_and_as_given():
    a, b = (
        "We tune by proximal policy optimization of policies; zebras.",
        "Zebras like proximal policy optimization too.",
    )
    assert only_reasons(a, b, {"Proximal Policy Optimization", "beam search"})[0] == (
        "Proximal Policy Optimization"
    )
    assert only_reasons(a, b, {"zebra"})[0] == "zebra"


def test_a_preferred_term_must_be_in_both():
    a, b = "Learning is hard. We rank papers.", "They rank. Learning to rank."
    assert "learning to rank" not in only_reasons(a, b, {"learning to rank"})


# --- raw text


@pytest.mark.parametrize(
    "noise",
    [
        "```python\nsecretword()\n```",
        "~~~~\nsecretword\n~~~~",
        "$$\nsecretword = 1\n$$",
        r"\[ secretword \]",
        r"\(secretword\)",
        "$secretword + 1$",
        r"\secretword",
        "https://secretword.example/secretword",
        "[link](secretword.md)",
        "<!-- secretword -->",
        '<span class="secretword">',
    ],
)
def test_code_mathematics_and_markup_are_not_words(noise):
    terms = count_terms(doc("x", body=f"Alpha words.\n\n{noise}\n\nOmega words.")).terms
    assert set(terms) >= {"alpha", "omega"}
    assert not [t for t in terms if "secretword" in t]


def test_dollars_are_not_mathematics():
    assert "token" in count_terms(doc("x", body="It costs $5 for tokens and $10 for more.")).terms


def test_scripts_without_spaces_have_words():
    found = related([doc("a", body="注意力机制"), doc("b", body="自注意力"), doc("c", body="面包")])
    assert ids(found)["a"] == ["b"]


# --- kept between builds


def test_counts_kept_from_an_earlier_build_give_the_same():
    kept = pickle.loads(pickle.dumps({d["id"]: count_terms(d) for d in LIBRARY}))  # noqa: S301
    assert related_from_counts(kept, 5) == related(LIBRARY)
    edited = [{**LIBRARY[0], "body": LIBRARY[0]["body"] + " Bread dough."}, *LIBRARY[1:]]
    kept[edited[0]["id"]] = count_terms(edited[0])
    assert related_from_counts(kept, 5) == related(edited)
    assert related(edited) != related(LIBRARY)


def test_digest_tells_what_changed():
    first = LIBRARY[0]
    before = count_terms(first).digest
    assert count_terms(dict(first)).digest == before
    for change in ({"title": "Zebra"}, {"body": "zebra"}, {"headings": ["Zebra"]}, {"tags": []}):
        assert count_terms({**first, **change}).digest != before


def test_counts_are_compact():
    prose = " ".join(pydoc_data.topics.topics.values()).split()[:2000]
    counts = count_terms(doc("x", body=" ".join(prose)))
    assert len(counts.terms) > 500
    assert len(pickle.dumps(counts)) < 24 * 1024


SCRIPT = """
import json, sys
from explainers.relations import count_terms, related
documents = json.load(sys.stdin)
print(json.dumps([related(documents), [count_terms(d) for d in documents]]))
"""


def run(code, **env):
    return subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(LIBRARY),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(EXT), **env},
    ).stdout


def test_every_process_says_the_same():
    outputs = {run(SCRIPT, PYTHONHASHSEED=seed) for seed in ("0", "1", "4242")}
    assert outputs == {json.dumps([related(LIBRARY), [count_terms(d) for d in LIBRARY]]) + "\n"}


def test_needs_neither_sphinx_nor_numpy():
    loaded = run("import sys, explainers.relations; print(*sys.modules)").split()
    assert "explainers.relations" in loaded
    assert not {"sphinx", "docutils", "numpy", "scipy", "yaml", "jinja2"} & set(loaded)


# --- work


def generated(n, words=60):
    """Documents of words as unevenly frequent as in language, in groups that share a topic."""
    draw = random.Random(n)
    vocabulary = [f"w{'abcdefghij'[i % 10]}{i}q" for i in range(4000)]
    weights = [1 / (i + 1) for i in range(len(vocabulary))]
    return [
        doc(
            f"d{i:05}",
            f"topic{i // 8}x {i}y",
            f"topic{i // 8}x " + " ".join(draw.choices(vocabulary, weights, k=words)),
        )
        for i in range(n)
    ]


def work(monkeypatch, n):
    """Pairs compared, postings read, and the peak of memory (bytes) for ``n`` documents."""
    done = {"pairs": 0, "postings": 0}
    cosine, likely = relations._cosine, relations._likely

    def counted_cosine(a, b):
        done["pairs"] += 1
        return cosine(a, b)

    def counted_likely(terms, users):
        done["postings"] += sum(len(users[term]) for term, _ in terms)
        return likely(terms, users)

    counts = {d["id"]: count_terms(d) for d in generated(n)}
    with monkeypatch.context() as patch:
        patch.setattr(relations, "_COMMON", 40)
        patch.setattr(relations, "_cosine", counted_cosine)
        patch.setattr(relations, "_likely", counted_likely)
        tracemalloc.start()
        found = related_from_counts(counts, 5)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert len(found) == n
    return done["pairs"], done["postings"], peak


def test_work_and_memory_grow_with_the_documents_not_their_square(monkeypatch):
    small, large = work(monkeypatch, 300), work(monkeypatch, 1200)
    assert small[0] > 300
    assert large[0] <= 1200 * (relations._POOL + 1)
    assert large[1] <= 1200 * relations._LEADING * 40
    for before, after in zip(small, large, strict=True):
        assert after < 5.5 * before  # four times the documents; their square would be sixteen


def test_looking_only_at_likely_pairs_changes_next_to_nothing(monkeypatch):
    documents = generated(240)
    quick = ids(related(documents, 5))
    monkeypatch.setattr(relations, "_POOL", len(documents))
    exact = ids(related(documents, 5))
    kept = sum(len(set(quick[name]) & set(exact[name])) for name in exact)
    assert kept >= 0.97 * sum(map(len, exact.values()))

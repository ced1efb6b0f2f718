"""The paths of the pipeline's files, relative to the project's root. Every command runs in the root."""

from pathlib import Path

PARAMS = Path("params.yaml")
PRESETS = Path("presets")
LOCK = Path("dvc.lock")
CHECKPOINTS = Path(".checkpoints")  # in the original project, even if DVC runs an experiment in a temporary copy

CHECKED = Path("data/checked.txt")
SOURCES = Path("data/raw")  # a catalogue: one folder for each source of dialogues
RECORDS = Path("data/processed/records.jsonl")
SPLITS = Path("data/splits")
TRAIN_SPLIT = SPLITS / "train.jsonl"
VALIDATION_SPLIT = SPLITS / "validation.jsonl"
TEST_SPLIT = SPLITS / "test.jsonl"
AUDITED = Path("data/audited")  # one file for each value of train.targets
FINDINGS = AUDITED / "findings.jsonl"
PREFERENCES = Path("data/preferences")  # what the second training pass learns from
CHOSEN = PREFERENCES / "chosen.jsonl"
PAIRS = PREFERENCES / "pairs.jsonl"
PREDICTIONS = Path("data/predictions")
SCORES = Path("data/scores")

BASES = Path("models/base")  # a catalogue: base models
SCORERS = Path("models/scorer")  # a catalogue: encoders for BERTScore
WHEELS = Path("models/wheels")  # Python wheels that a user adds if no package registry can be reached
ADAPTER = Path("models/finetuned")
SECOND_PASS = Path("models/second_pass")  # the adapter after the second training pass, if there is one
SERVING = Path("models/serving")
CONVERTED = SERVING / "ctranslate2"
MERGED = SERVING / "merged"
SECTION_GUESS = SERVING / "sections.json"

DATA_METRICS = Path("metrics/data.json")
SPLITS_METRICS = Path("metrics/splits.json")
AUDIT_METRICS = Path("metrics/audit.json")
TRAIN_METRICS = Path("metrics/train.json")
PREFERENCES_METRICS = Path("metrics/preferences.json")
SECOND_PASS_METRICS = Path("metrics/second_pass.json")
EXPORT_METRICS = Path("metrics/export.json")
EVALUATION_METRICS = Path("metrics/evaluation.json")

REPORTS = Path("reports")
DATA_REPORT = REPORTS / "data.json"
SPLITS_REPORT = REPORTS / "splits.json"
AUDIT_REPORT = REPORTS / "audit.json"
TRAIN_REPORT = REPORTS / "train.json"
EXPORT_REPORT = REPORTS / "export.json"
EVALUATION_REPORT = REPORTS / "evaluation.json"
ERRORS_REPORT = REPORTS / "errors.json"
CHARTS = REPORTS / "charts"

PLOTS = Path("plots")
PLOTS_PAGE = PLOTS / "page.html"
TRAINING_PLOTS = PLOTS / "training"
EVALUATION_PLOTS = PLOTS / "evaluation"
AGAINST_BASELINE = EVALUATION_PLOTS / "against_baseline.csv"
BY_MODEL = EVALUATION_PLOTS / "by_model.csv"
BY_SECTION = EVALUATION_PLOTS / "by_section.csv"
BY_CATEGORY = PLOTS / "errors/by_category.csv"

BENCHMARK_RESULTS = Path("benchmarks/results")  # measurements that are not made by a stage of the pipeline
COUNTERFACTUAL_RATES = BENCHMARK_RESULTS / "counterfactual.json"
PLANTED_ERRORS = BENCHMARK_RESULTS / "planted_errors.json"
LEARNING_CURVE = BENCHMARK_RESULTS / "learning_curve.csv"

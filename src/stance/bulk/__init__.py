"""Bulk prediction: a table of any length labelled row by row, in parts that outlast a kill."""

from stance.bulk.job import BATCH_ROWS, ENDINGS, Job
from stance.bulk.reading import columns_of
from stance.bulk.rows import Place
from stance.bulk.running import run_job
from stance.bulk.scheduling import open_client

__all__ = ["BATCH_ROWS", "ENDINGS", "Job", "Place", "columns_of", "open_client", "run_job"]

# %% [markdown]
# # Does exposure make adoption more likely?
#
# A discrete-time hazard model (Allison 1982) of a person-period table: of those who had not adopted
# before a period, how likely is it that they adopt in it, and does that depend on the share of their
# ties who had adopted one period before? The table has a row for each party and period up to and
# including the adoption, so that a logistic regression of `adopted` is that model.
#
# Make the table first, of physicians who took up tetracycline (Coleman, Katz and Menzel 1966):
#
#     nicgraph import --seed medinnovations
#     echo '{"practice": "tetracycline", "population": {"study": "medinnovations"}, "lag": 1}' |
#       nicgraph export --spread - --output person-period.parquet
#
# or name the address of a server instead of a file:
# `http://127.0.0.1:8080/spread/person-period.csv?input={…}`. Then run the cells, or
#
#     pip install -r requirements.txt
#     python hazard.py person-period.parquet

# %%
import sys
from pathlib import PurePath
from urllib.parse import urlsplit

import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf

table = sys.argv[1] if len(sys.argv) > 1 else "person-period.parquet"
is_csv = PurePath(urlsplit(table).path).suffix == ".csv"
rows = pd.read_csv(table) if is_csv else pd.read_parquet(table)

# %% [markdown]
# Exposure is missing in the first period, which the lag takes, and for who names nobody that was
# asked. Missing is not zero: such rows tell nothing about exposure and are left out.

# %%
known = rows.dropna(subset=["exposure"])
print(f"{len(rows)} rows of {rows.party.nunique()} parties, {rows.adopted.sum()} adoptions")
print(f"{len(known)} rows with a known exposure, {known.adopted.sum()} adoptions")


# %% [markdown]
# The chance of adopting may change with time for reasons of its own. The first model lets it rise or
# fall steadily; the second gives every period a level of its own, which asks more of the data and
# keeps what happened to everybody at once from passing for contagion.

# %%
def hazard(formula):
    return smf.glm(formula, known, family=sm.families.Binomial()).fit()


models = {
    "steady in time": hazard("adopted ~ exposure + period"),
    "a level for each period": hazard("adopted ~ exposure + C(period)"),
}
for name, model in models.items():
    b, se = model.params["exposure"], model.bse["exposure"]
    print(f"{name}: exposure {b:.4f} (standard error {se:.4f}, p {model.pvalues['exposure']:.4f})")

# %% [markdown]
# The coefficient is by how much the log odds of adopting rise from no tie that had adopted to all of
# them. Among these physicians exposure explains nothing beyond time (0.19, then -0.09); among the women
# of `kfamily` it does (0.92, then 0.91). Taking those who never adopted as adopters of the last period,
# as these studies were coded, moves the first coefficient to -0.26 and 0.42: never is not a period.

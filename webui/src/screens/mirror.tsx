import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import * as api from "../api";
import * as format from "../format";
import { name, t, type Word } from "../i18n";
import type { Plan, PlanStep, Policy } from "../model";
import { Action } from "../parts/action";
import { Bar, Bytes, FreeOnDisk } from "../parts/figures";
import { Foreign } from "../parts/foreign";
import { Icon, type IconName } from "../parts/icon";
import { Notice, Refusal } from "../parts/problem";
import { ReleaseName } from "../parts/release_name";
import { type Resource, staleOnRows, useResource } from "../parts/resource";

const gib = 1024 ** 3;
const changes = staleOnRows("releases");

interface Wish {
  budget_bytes?: number;
}

export function Mirror() {
  const policy = useResource("policy", (signal) => api.policy(signal), changes);
  const wish = useSignal<Wish | undefined>(undefined);
  const settled = useSignal<Wish | undefined>(undefined);
  useEffect(() => {
    const timer = setTimeout(() => (settled.value = wish.value), 250);
    return () => clearTimeout(timer);
  }, [wish.value]);
  const asked = settled.value;
  const plan = useResource(
    asked ? `if ${asked.budget_bytes}` : "now",
    (signal) => (asked ? api.planWith(asked, signal) : api.plan(signal)),
    changes,
  );
  if (!policy.value)
    return policy.error !== undefined ? (
      <>
        <h1>{t("mirror")}</h1>
        <Refusal error={policy.error} retry={policy.reload} />
      </>
    ) : (
      <h1>{t("mirror")}</h1>
    );
  const apply = async (change: Wish) => {
    policy.set(await api.setPolicy(change));
    wish.value = settled.value = undefined;
    plan.reload();
  };
  return (
    <>
      <h1>{t("mirror")}</h1>
      <p class="lead">{t("mirror_lead")}</p>
      <Budget policy={policy.value} wish={wish.value} change={(next) => (wish.value = next)} apply={apply} />
      <PlanView plan={plan} whatIf={asked !== undefined} />
    </>
  );
}

function Budget({
  policy,
  wish,
  change,
  apply,
}: {
  policy: Policy;
  wish: Wish | undefined;
  change: (wish: Wish | undefined) => void;
  apply: (wish: Wish) => Promise<void>;
}) {
  const id = useId();
  const shown = wish ? wish.budget_bytes : policy.budget_bytes;
  return (
    <section class="card budget">
      <div class="budget-field">
        <label for={id}>{t("budget")}</label>
        <input
          id={id}
          type="number"
          min={0}
          step="any"
          inputMode="decimal"
          disabled={policy.locked}
          value={shown === undefined ? "" : +(shown / gib).toFixed(2)}
          placeholder={t("unset")}
          onInput={(event) => change(wished(event.currentTarget.value))}
        />
        <span>GiB</span>
        {wish && <Action kind="primary" label={t("apply")} done={t("done")} act={() => apply(wish)} />}
        {wish && (
          <button type="button" onClick={() => change(undefined)}>
            {t("revert")}
          </button>
        )}
      </div>
      {policy.locked && (
        <Notice tone="warning">
          {t("locked_by")} {name("origin", policy.origin)}{" "}
          {policy.origin_detail && (
            <code>
              <Foreign text={policy.origin_detail} />
            </code>
          )}
        </Notice>
      )}
      {shown === undefined && <p class="quiet">{t("no_budget")}</p>}
      {policy.budget_bytes !== undefined && (
        <Bar
          part={policy.used_bytes}
          whole={policy.budget_bytes}
          label={t("used_of_budget", { share: format.percent(policy.used_bytes, policy.budget_bytes) })}
        />
      )}
      <p class="quiet">
        {t("in_use")} <Bytes n={policy.used_bytes} />
      </p>
      <FreeOnDisk free={policy.free_bytes} kept={policy.keep_free_bytes} />
    </section>
  );
}

function wished(text: string): Wish {
  const size = Math.round(Number(text) * gib);
  return text.trim() !== "" && Number.isSafeInteger(size) && size >= 0 ? { budget_bytes: size } : {};
}

const parts: [keyof Plan & ("fetch" | "keep" | "evict" | "skip"), Word, IconName][] = [
  ["fetch", "plan.fetch", "download"],
  ["evict", "plan.evict", "remove"],
  ["skip", "plan.skip", "ban"],
  ["keep", "plan.keep", "check"],
];

function PlanView({ plan, whatIf }: { plan: Resource<Plan>; whatIf: boolean }) {
  if (plan.error !== undefined) return <Refusal error={plan.error} retry={plan.reload} />;
  if (!plan.value) return null;
  const { budget_bytes, planned_bytes } = plan.value;
  return (
    <section aria-live="polite">
      <h2>{t(whatIf ? "plan.what_if" : "plan.now")}</h2>
      <p>
        {t("plan.will_use")}{" "}
        <strong>
          <Bytes n={planned_bytes} />
        </strong>
        {budget_bytes !== undefined && (
          <>
            {" "}
            / <Bytes n={budget_bytes} />
          </>
        )}
      </p>
      {parts.map(([part, word, icon]) => (
        <Steps key={part} steps={(plan.value as Plan)[part]} word={word} icon={icon} />
      ))}
    </section>
  );
}

/** More than this is not read step by step; the library has them all. */
const shownAtMost = 50;

function Steps({ steps, word, icon }: { steps: PlanStep[]; word: Word; icon: IconName }) {
  if (steps.length === 0) return null;
  const size = steps.reduce((sum, step) => sum + step.size_bytes, 0);
  return (
    <details open={word !== "plan.keep"} class="plan-part">
      <summary>
        <Icon name="next" size={14} /> <Icon name={icon} size={16} /> {t(word)}{" "}
        <span class="tally">
          {format.count(steps.length)} · {format.bytes(size)}
        </span>
      </summary>
      <ul class="lines">
        {steps.slice(0, shownAtMost).map((step) => (
          <li key={step.id}>
            <ReleaseName release={step} />
            <span class="grow quiet">
              <Foreign text={step.why} />
            </span>
            <span class="end">
              <Bytes n={step.size_bytes} />
            </span>
          </li>
        ))}
      </ul>
      {steps.length > shownAtMost && <p class="quiet">{t("and_more", { n: steps.length - shownAtMost })}</p>}
    </details>
  );
}

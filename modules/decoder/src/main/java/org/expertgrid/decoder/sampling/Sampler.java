package org.expertgrid.decoder.sampling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.expertgrid.experts.errors.Problems;

/**
 * Chooses the next token of a text from its logits.
 *
 * <p>Logits get their biases, then the penalties; what is not allowed is left out; the rest is divided by the temperature. Of the probabilities that
 * follow, top-k keeps the first ones, top-p the first of those, min-p again of those, and chance takes one of what is left. All is computed in
 * float64, in one order and without the platform's own functions, so that the same logits, sampling and history give the same token everywhere.
 *
 * <p>Nothing is remembered between two choices but memory to work in: one sampler serves all texts of a thread. For one thread.
 */
public final class Sampler {
    private final double[] scores;
    private final double[] weights;
    private final Ranking ranking;
    private final int[] candidates;

    /** Makes a sampler for logits of that many tokens. */
    public Sampler(int vocabulary) {
        new Problems()
                .expect(vocabulary > 0, "vocabulary", vocabulary, "at least 1")
                .throwIfAny();
        scores = new double[vocabulary];
        weights = new double[vocabulary];
        ranking = new Ranking(vocabulary);
        candidates = new int[vocabulary];
    }

    /**
     * Returns the next token; the caller adds it to the history.
     *
     * @param logits one for each token; minus infinity rules a token out
     * @param history the text so far
     * @param allowed the tokens that may be chosen; null for all
     * @throws BadLogitsException if a logit is NaN or infinity, or if no token may be chosen
     * @throws IllegalArgumentException if the number of logits is not the sampler's, or a bias is for a token that is not among them
     */
    public SampledToken next(float[] logits, Sampling sampling, TokenHistory history, BitSet allowed) {
        Problems problems = new Problems()
                .expect(logits.length == scores.length, "logits", logits.length, "the sampler's " + scores.length);
        sampling.logitBias()
                .keySet()
                .forEach(id -> problems.expect(id < scores.length, "logitBias", id, "ids below " + scores.length));
        problems.throwIfAny();
        read(logits);
        Optional<SampledToken.Report> nothing = Optional.empty();
        double logOfSum = sampling.logProbabilities().isPresent() ? logOfSum() : 0;
        List<SampledToken.TokenProbability> top = sampling.logProbabilities().isPresent()
                ? top(sampling.logProbabilities().getAsInt(), logOfSum)
                : List.of();
        if (sampling.changesLogits()) {
            change(sampling, history);
        }
        if (allowed != null) {
            forbidAllBut(allowed);
        }
        int best = best();
        int id = sampling.isGreedy()
                ? best
                : drawn(sampling, scores[best], Chance.at(sampling.seed(), history.length()));
        return new SampledToken(
                id,
                sampling.logProbabilities().isPresent()
                        ? Optional.of(new SampledToken.Report(logits[id] - logOfSum, top))
                        : nothing);
    }

    private void read(float[] logits) {
        for (int id = 0; id < logits.length; id++) {
            if (!(logits[id] < Float.POSITIVE_INFINITY)) {
                throw new BadLogitsException(
                        "logits[" + id + "]: " + logits[id] + " (expected: a number below infinity)");
            }
            scores[id] = logits[id];
        }
    }

    /** Returns the logarithm of what the exponentials of all logits sum up to. */
    private double logOfSum() {
        double greatest = scores[best()];
        double sum = 0;
        for (double score : scores) {
            sum += StrictMath.exp(score - greatest);
        }
        return greatest + StrictMath.log(sum);
    }

    private List<SampledToken.TokenProbability> top(int count, double logOfSum) {
        List<SampledToken.TokenProbability> top = new ArrayList<>(count);
        if (count > 0) {
            ranking.start(scores);
        }
        while (top.size() < count && !ranking.isEmpty()) {
            int id = ranking.next();
            top.add(new SampledToken.TokenProbability(id, scores[id] - logOfSum));
        }
        return List.copyOf(top);
    }

    private void change(Sampling sampling, TokenHistory history) {
        sampling.logitBias().forEach((id, bias) -> scores[id] += bias);
        double factor = sampling.repetitionPenalty();
        history.forEach((id, times) -> {
            if (id < scores.length) {
                double score = scores[id] > 0 ? scores[id] / factor : scores[id] * factor;
                double present = times > 0 ? sampling.presencePenalty() : 0;
                scores[id] = score - present - times * sampling.frequencyPenalty();
            }
        });
    }

    private void forbidAllBut(BitSet allowed) {
        int from = 0;
        for (int id = allowed.nextSetBit(0); id >= 0 && id < scores.length; id = allowed.nextSetBit(id + 1)) {
            Arrays.fill(scores, from, id, Double.NEGATIVE_INFINITY);
            from = id + 1;
        }
        Arrays.fill(scores, from, scores.length, Double.NEGATIVE_INFINITY);
    }

    private int best() {
        int best = 0;
        for (int id = 1; id < scores.length; id++) {
            best = scores[id] > scores[best] ? id : best;
        }
        if (scores[best] == Double.NEGATIVE_INFINITY) {
            throw new BadLogitsException(
                    "logits: minus infinity for all tokens that may be chosen (expected: a number for one of them)");
        }
        return best;
    }

    private int drawn(Sampling sampling, double greatest, double chance) {
        double total = weigh(greatest, sampling.temperature());
        boolean all = sampling.topK() == 0 && sampling.topP() == 1 && sampling.minP() == 0;
        if (all) {
            return draw(null, scores.length, chance * total);
        }
        ranking.start(scores);
        int count = 0;
        if (sampling.topK() > 0) {
            total = 0;
            while (count < sampling.topK() && !ranking.isEmpty()) {
                candidates[count] = ranking.next();
                total += weights[candidates[count++]];
            }
        }
        return drawnFromFirst(sampling, count, total, chance);
    }

    /**
     * Draws from the first tokens.
     *
     * @param ranked how many candidates top-k has taken out of the ranking; 0 if they are taken as they are needed
     */
    private int drawnFromFirst(Sampling sampling, int ranked, double total, double chance) {
        double enough = sampling.topP() * total;
        double sum = 0;
        int count = 0;
        while ((ranked > 0 ? count < ranked : !ranking.isEmpty()) && (count == 0 || sum < enough)) {
            int id = ranked > 0 ? candidates[count] : ranking.next();
            // The most probable token weighs 1.
            if (count > 0 && weights[id] < sampling.minP()) {
                break;
            }
            candidates[count++] = id;
            sum += weights[id];
        }
        return draw(candidates, count, chance * sum);
    }

    /** Gives each token a weight, 1 for the most probable one, and returns their sum. */
    private double weigh(double greatest, double temperature) {
        double total = 0;
        for (int id = 0; id < scores.length; id++) {
            weights[id] = StrictMath.exp((scores[id] - greatest) / temperature);
            total += weights[id];
        }
        return total;
    }

    /** Returns the first of the ids, all if null, up to which the weights sum up to more than {@code threshold}. */
    private int draw(int[] ids, int count, double threshold) {
        double sum = 0;
        int last = -1;
        for (int i = 0; i < count; i++) {
            int id = ids == null ? i : ids[i];
            sum += weights[id];
            if (weights[id] > 0) {
                last = id;
                if (sum > threshold) {
                    return id;
                }
            }
        }
        // Rounding may leave the threshold at the sum itself.
        return last;
    }
}

using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Finds what removes a concept from a place, so that its use can be tested (amnesic probing, Elazar et al. 2021).</summary>
public static class ConceptErasure
{
    private const double Rounding = 1e-10; // of the largest singular value
    private const double MostLeft = 1e-2; // of the largest deviation, between the means of classes in the model's own precision
    private const double Smallest = 1e-9; // below it nothing is correlated, and no weight reads anything

    /// <summary>
    /// Finds the smallest affine change after which no linear probe can tell the classes of the values better than by guessing: LEACE (Belrose et al. 2023), in
    /// closed form. The erased values have no covariance with the labels.
    /// </summary>
    /// <param name="values">The values at a place, floating-point [example, width]; they stay the caller's.</param>
    /// <param name="labels">The class of each, from 0: int64 [example].</param>
    /// <exception cref="ArgumentException">Shapes do not fit, a value is no finite number, or there is one class only.</exception>
    /// <remarks>
    /// It holds for the values that it is given. Of fewer examples than features every labelling can be read linearly, so what is erased is then partly chance,
    /// and other examples may keep the concept: test the erasure on examples that it has not seen.
    /// </remarks>
    public static Erasure Leace(Tensor values, Tensor labels)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var examples = LabelledValues.Of(values, labels);
        var mean = examples.Values.mean([0]); // [width]
        var centred = examples.Values.sub(mean); // [example, width]
        var count = Scalars.Of(centred.shape[0]);
        var concepts = examples.Indicators(examples.Classes); // [example, class]
        var cross = centred.mT.matmul(concepts.sub(concepts.mean([0]))).div(count); // [width, class]
        var (spread, axes) = linalg.eigh(centred.mT.matmul(centred).div(count)); // [width], [width, width]
        var root = spread.clamp(min: Scalars.Of(0)).sqrt(); // [width]
        var floor = root.max().item<double>() * Math.Sqrt(examples.Width * 2.3e-16);
        var inverse = root.where(root.gt(Scalars.Of(floor)), full_like(root, Scalars.Of(double.PositiveInfinity))).reciprocal(); // [width]
        var whitening = axes.mul(inverse).matmul(axes.mT); // [width, width]
        var colouring = axes.mul(root.where(root.gt(Scalars.Of(floor)), zeros_like(root))).matmul(axes.mT); // [width, width]
        var directions = Basis(whitening.matmul(cross).mT); // [direction, width]
        return Made(directions.matmul(colouring), directions.matmul(whitening), mean);
    }

    /// <summary>
    /// Finds the directions that linear probes read a class off, one probe after the other, each on what those before it left, and removes all of them:
    /// iterative null-space projection (Ravfogel et al. 2020). It ends where a probe tells the examples no better than the commonest label.
    /// </summary>
    /// <param name="values">The values at a place, floating-point [example, width]; they stay the caller's.</param>
    /// <param name="labels">The class of each, from 0: int64 [example].</param>
    /// <param name="rounds">How many probes there are at most, at least 1.</param>
    /// <param name="penalty">The weight of a probe's L2 penalty, see <see cref="ProbeOptions.Penalty"/>.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, a value is no finite number, or there is one class only.</exception>
    public static Erasure NullSpace(Tensor values, Tensor labels, int rounds = 10, double penalty = 1)
    {
        if (rounds < 1) throw new ArgumentOutOfRangeException(nameof(rounds), rounds, "There is at least one round, which fits one probe.");
        new ProbeOptions { Penalty = penalty }.Check();
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var examples = LabelledValues.Of(values, labels);
        var guessed = examples.Labels.CountBy(label => label).Max(pair => pair.Value);
        var (read, directions) = (zeros([0, examples.Width], dtype: float64), zeros([0, examples.Width], dtype: float64)); // [direction, width]
        for (var round = 0; round < rounds && directions.shape[0] < examples.Width; round++)
        {
            var left = examples with { Values = examples.Values.sub(examples.Values.matmul(directions.mT).matmul(directions)) };
            var probe = LogisticRegression.Fit(left, examples.Classes, penalty);
            if (probe.Classify(left.Values).Zip(examples.Labels).Count(pair => pair.First == pair.Second) <= guessed) break;

            // What is the same for every class moves no probability.
            var rows = probe.Weight.sub(probe.Weight.mean([1], keepdim: true)).mT; // [class, width]
            read = cat([read, Basis(rows)], 0);
            directions = Basis(read);
        }

        return Made(directions, directions, zeros([examples.Width], dtype: float64));
    }

    /// <summary>Finds what removes a concept at a place of a language model by <see cref="Leace(Tensor, Tensor)"/>.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="place">The place.</param>
    /// <param name="examples">The prompts with their classes, of at least two kinds.</param>
    /// <exception cref="InterventionException">A prompt does not fit the model or the place.</exception>
    /// <exception cref="ArgumentException">There is one class only.</exception>
    public static Erasure Leace<TModel>(LanguageModel<TModel> model, Site<TModel> place, IReadOnlyList<LabelledPrompt> examples)
        where TModel : IArchitecture
    {
        using var scope = NewDisposeScope();
        return Leace(model.CollectValues(place, examples), Probes.LabelsOf(examples));
    }

    /// <summary>
    /// Finds what removes a concept at several places of a language model, each by <see cref="Leace(Tensor, Tensor)"/> on values that the erasures before it
    /// have changed: what an erasure of one layer leaves is found again by the layers behind it.
    /// </summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="places">The places, in the order in which the model computes them.</param>
    /// <param name="examples">The prompts with their classes, of at least two kinds.</param>
    /// <returns>The experiment that erases at all of them; its steps hold the erasures in order.</returns>
    /// <exception cref="InterventionException">
    /// A prompt does not fit the model or a place, or the places are in another order, so that the concept is back at one of them.
    /// </exception>
    /// <exception cref="ArgumentException">There is no place, or one class only.</exception>
    public static Experiment<TModel, NoSource> Leace<TModel>(
        LanguageModel<TModel> model, IReadOnlyList<Site<TModel>> places, IReadOnlyList<LabelledPrompt> examples)
        where TModel : IArchitecture
    {
        if (places.Given().Count == 0) throw new ArgumentException("There is no place; give at least one.", nameof(places));
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var labels = Probes.LabelsOf(examples);
        var erasing = places.Aggregate(
            Experiment<TModel, NoSource>.Empty,
            (before, place) => before.Apply(place, Leace(model.CollectValues(before, place, examples), labels)));
        foreach (var place in places)
        {
            var values = LabelledValues.Of(model.CollectValues(erasing, place, examples), labels);
            var concepts = values.Indicators(values.Classes); // [example, class]
            var means = concepts.mT.matmul(values.Values).div(concepts.sum([0L]).unsqueeze(1)); // [class, width]
            var left = means.sub(values.Values.mean([0])).abs().max().item<double>();
            if (left > MostLeft * values.Values.sub(values.Values.mean([0])).abs().max().item<double>())
            {
                throw new InterventionException(
                    "places", $"The concept is back at {place} when all erasures act. Give the places in the order in which the model computes them.");
            }
        }

        return erasing;
    }

    /// <summary>Finds what removes a concept at a place of a language model by <see cref="NullSpace(Tensor, Tensor, int, double)"/>.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="place">The place.</param>
    /// <param name="examples">The prompts with their classes, of at least two kinds.</param>
    /// <param name="rounds">How many probes there are at most, at least 1.</param>
    /// <exception cref="InterventionException">A prompt does not fit the model or the place.</exception>
    /// <exception cref="ArgumentException">There is one class only.</exception>
    public static Erasure NullSpace<TModel>(LanguageModel<TModel> model, Site<TModel> place, IReadOnlyList<LabelledPrompt> examples, int rounds = 10)
        where TModel : IArchitecture
    {
        using var scope = NewDisposeScope();
        return NullSpace(model.CollectValues(place, examples), Probes.LabelsOf(examples), rounds);
    }

    /// <summary>Returns an orthonormal basis of the space that rows span: [direction, width].</summary>
    private static Tensor Basis(Tensor rows)
    {
        var (_, sizes, axes) = linalg.svd(rows, fullMatrices: false); // [direction], [direction, width]
        var values = sizes.data<double>().ToArray();
        return axes.narrow(0, 0, values.Count(size => size > Smallest && size > values[0] * Rounding));
    }

    // Nothing to erase is one direction of zeros.
    private static Erasure Made(Tensor directions, Tensor readers, Tensor mean) => directions.shape[0] > 0
        ? new(directions, readers, mean)
        : new(zeros_like(mean).unsqueeze(0), zeros_like(mean).unsqueeze(0), mean);
}

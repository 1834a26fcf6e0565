using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Is values with the classes that they belong to, checked: what probes and erasures are fitted to.</summary>
/// <param name="Values">float64 [example, width], on the CPU, of the current dispose scope.</param>
/// <param name="Labels">The class of each, from 0.</param>
internal sealed record LabelledValues(Tensor Values, int[] Labels)
{
    /// <summary>Gets the number of classes.</summary>
    public int Classes => Labels.Max() + 1;

    /// <summary>Gets how wide a value is.</summary>
    public int Width => (int)Values.shape[1];

    /// <summary>Checks tensors.</summary>
    /// <exception cref="ArgumentException">They do not fit each other, a value is no finite number, or there is one class only.</exception>
    public static LabelledValues Of(Tensor values, Tensor labels)
    {
        if (values.Given().ndim != 2 || !values.is_floating_point() || labels.Given().ndim != 1 || labels.dtype != int64 || labels.shape[0] != values.shape[0])
        {
            throw new ArgumentException(
                $"Values are floating-point [example, width] and labels int64 [example], but they are {values.dtype} [{string.Join(", ", values.shape)}] and "
                    + $"{labels.dtype} [{string.Join(", ", labels.shape)}].",
                nameof(values));
        }

        var classes = labels.cpu().data<long>().ToArray();
        if (classes.Length == 0 || classes.Any(label => label is < 0 or > int.MaxValue - 1) || classes.Distinct().Count() < 2)
        {
            throw new ArgumentException("The labels must be classes from 0 on, of at least two kinds: of one alone there is nothing to tell.", nameof(labels));
        }

        if (classes.Max() >= classes.Length)
        {
            throw new ArgumentException(
                $"The label {classes.Max()} is above the number of examples, {classes.Length}; number the classes from 0 on.", nameof(labels));
        }

        var numbers = values.detach().to(float64).cpu();
        return numbers.isfinite().all().item<bool>()
            ? new LabelledValues(numbers, [.. classes.Select(label => (int)label)])
            : throw new ArgumentException("A value is NaN or infinite; every one must be a finite number.", nameof(values));
    }

    /// <summary>Returns some of the examples.</summary>
    public LabelledValues Rows(int[] rows) =>
        new(Values.index_select(0, tensor([.. rows.Select(row => (long)row)], dtype: int64)), [.. rows.Select(row => Labels[row])]);

    /// <summary>Returns the labels as indicators: float64 [example, class].</summary>
    /// <param name="classes">The number of classes.</param>
    public Tensor Indicators(int classes) => nn.functional.one_hot(tensor([.. Labels.Select(label => (long)label)], dtype: int64), classes).to(float64);
}

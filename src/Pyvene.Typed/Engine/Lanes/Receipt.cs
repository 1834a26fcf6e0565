using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Counts what one intervention did in one run; the numbers stay on the model's device until somebody asks.</summary>
/// <param name="intervention">The intervention.</param>
/// <param name="counts">Whether changed elements are counted; a training does not ask.</param>
internal sealed class Receipt(BoundIntervention intervention, bool counts = true)
{
    private Tensor? changed;
    private Tensor? largest;
    private Tensor? notFinite;

    public BoundIntervention Intervention => intervention;

    /// <summary>Gets how often the intervention acted.</summary>
    public int Fired { get; private set; }

    /// <summary>Gets or sets whether it did not act because its source was left out.</summary>
    public bool IsSkipped { get; set; }

    /// <summary>Gets how many elements of real positions there were to change.</summary>
    public long Elements { get; private set; }

    /// <summary>Notes one act; the tensors are kept until the run's scope ends.</summary>
    /// <param name="before">The values before.</param>
    /// <param name="after">The values behind it; null = it only looks.</param>
    /// <param name="real">Which of the places are real tokens, since padding does not count; null = all.</param>
    /// <param name="keep">Moves a tensor into the scope of the run.</param>
    public void Note(Tensor before, Tensor? after, RealPlaces? real, DisposeScopeKeeper keep)
    {
        Fired++;
        Add(before, after, real, keep);
    }

    /// <summary>Notes one act that treats groups of examples one after another.</summary>
    public void Note(IEnumerable<(Tensor Before, Tensor After, RealPlaces? Real)> groups, DisposeScopeKeeper keep)
    {
        Fired++;
        foreach (var (before, after, real) in groups)
        {
            Add(before, after, real, keep);
        }
    }

    private void Add(Tensor before, Tensor? after, RealPlaces? real, DisposeScopeKeeper keep)
    {
        Elements += real is null ? before.numel() : before.numel() / real.All * real.Real;
        if (after is null || !counts)
        {
            return;
        }

        using var quiet = no_grad();
        using var difference = Change(before, after, real);
        using var isChanged = IsChanged(before, difference);
        changed = Sum(changed, isChanged.sum(), static (left, right) => left.add(right, Scalars.Of(1)), keep);
        largest = Sum(largest, difference.max(), static (left, right) => left.maximum(right), keep);
        if (intervention.IsOwnFunction && before.is_floating_point())
        {
            using var scope = NewDisposeScope();
            notFinite = Sum(notFinite, OwnFunction.CountNotFinite(before, after, real), static (left, right) => left.add(right, Scalars.Of(1)), keep);
        }
    }

    /// <summary>Returns by how much every element changed; padding did not, whatever was written there.</summary>
    private static Tensor Change(Tensor before, Tensor after, RealPlaces? real)
    {
        using var scope = NewDisposeScope();
        var difference = (after - before).abs();
        return (real is null ? difference : where(real.Mask, difference, zeros_like(difference))).MoveToOuterDisposeScope();
    }

    /// <summary>Returns the elements that have another value; of a source, those of the rows that differ by more than rounding.</summary>
    private Tensor IsChanged(Tensor before, Tensor difference)
    {
        using var scope = NewDisposeScope();
        var isOther = difference.ne(Scalars.Of(0));
        return (intervention.ReadsSource && before.is_floating_point()
            ? isOther.logical_and(Rounding.IsExceeded(before, difference))
            : isOther).MoveToOuterDisposeScope();
    }

    public EffectReceipt ToEffect()
    {
        var readable = changed is not null && changed.device_type != TorchSharp.DeviceType.META;
        return new EffectReceipt(
            intervention.Name,
            intervention.Spec.Intervention.Writes,
            IsSkipped,
            Fired,
            Elements,
            readable ? changed!.Whole() : 0,
            readable ? largest!.Real() : 0,
            changed is null || readable)
        {
            NeverRan = Fired == 0 && !IsSkipped ? intervention.Point.Words : null,
            NotFiniteElements = readable && notFinite is not null ? notFinite.Whole() : 0,
            MayChangeNothing = intervention.Spec.Intervention.MayChangeNothing || AddsZeros(readable),
        };
    }

    /// <summary>Returns whether zeros were added: those of the constant, or those of the source, which then made no difference at all.</summary>
    private bool AddsZeros(bool readable) => intervention.Spec.Intervention.IsAdditive
        && (intervention.Spec.Constant is { } constant ? constant.Values.All(value => value == 0) : readable && Fired > 0 && largest!.Real() == 0);

    private static Tensor Sum(Tensor? sum, Tensor term, Func<Tensor, Tensor, Tensor> combine, DisposeScopeKeeper keep) =>
        keep(sum is null ? term : combine(sum, term));
}

/// <summary>Moves a tensor into the scope of the run and returns it.</summary>
internal delegate Tensor DisposeScopeKeeper(Tensor tensor);

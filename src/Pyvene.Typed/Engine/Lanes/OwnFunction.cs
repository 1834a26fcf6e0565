using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>
/// Calls an intervention that is not the library's: it gets copies, so that what it does to them reaches nothing else, and what it returns is looked at.
/// </summary>
internal static class OwnFunction
{
    /// <summary>Returns the new values; null = nothing is written.</summary>
    /// <exception cref="InterventionException">The intervention wrote into what it was given, or returned what is no new value of the place.</exception>
    public static Tensor? Apply(BoundIntervention bound, Tensor before, Tensor? source, Tensor? features)
    {
        var intervention = bound.Spec.Intervention;
        var (values, read, chosen) = (before.clone(), source?.clone(), features?.clone());
        var after = Called(bound, values, read, chosen);
        CheckKept(bound, "values", before, values);
        CheckKept(bound, intervention.Adapts ? "module's input" : "source's values", source, read);
        CheckKept(bound, "features", features, chosen);
        if (after is null)
        {
            return intervention is not (CustomIntervention { MayKeep: false } or FunctionAdaptor) ? null
                : throw Wrong(bound, "returned null", $"return a tensor {Words(before)}, or the values given for no change");
        }

        CheckResult(bound, before, after);
        return after;
    }

    /// <summary>Returns how many elements of real positions are NaN or infinite and were finite before.</summary>
    public static Tensor CountNotFinite(Tensor before, Tensor after, RealPlaces? real)
    {
        var isNew = before.isfinite() & after.isfinite().logical_not();
        return (real is null ? isNew : isNew & real.Mask).sum();
    }

    private static Tensor? Called(BoundIntervention bound, Tensor values, Tensor? read, Tensor? features)
    {
        try
        {
            return bound.Spec.Intervention.Apply(values, read, features);
        }
        catch (Exception error) when (NativeFault.Of(error) is { } fault)
        {
            var given = values.IsInvalid ? "" : $" It was given values {Words(values)}.";
            throw new InterventionException("intervention", $"The function of {bound.Name} {fault}{given}", error);
        }
    }

    private static void CheckKept(BoundIntervention bound, string what, Tensor? before, Tensor? given)
    {
        if (before is null || given is null)
        {
            return;
        }

        if (given.IsInvalid)
        {
            throw new InterventionException("intervention", $"{bound.Name} disposed the {what} it was given; they belong to the run. Leave them, and return "
                + "a new tensor.");
        }

        if (!given.shape.SequenceEqual(before.shape) || given.dtype != before.dtype || IsOther(before, given))
        {
            throw new InterventionException("intervention", $"{bound.Name} wrote into the {what} it was given (an operation in place, such as mul_ or an "
                + "assignment to an element). Return a new tensor: work on values.clone(), or use the operation without the underscore.");
        }
    }

    /// <summary>Returns whether an element has another value; NaN is the same as NaN.</summary>
    private static bool IsOther(Tensor before, Tensor given)
    {
        if (before.device_type == DeviceType.META)
        {
            return false;
        }

        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var isOther = before.ne(given);
        return (before.is_floating_point() ? isOther & (before.isnan() & given.isnan()).logical_not() : isOther).any().cpu().item<bool>();
    }

    private static void CheckResult(BoundIntervention bound, Tensor before, Tensor after)
    {
        if (after.IsInvalid)
        {
            throw Wrong(bound, "returned a tensor that is disposed", "return one that still lives; move it out of a dispose scope of the function's own");
        }

        if (after.is_sparse || !after.shape.SequenceEqual(before.shape) || !IsOfKind(before, after))
        {
            throw Wrong(
                bound,
                $"returned values {(after.is_sparse ? "(sparse) " : "")}{Words(after)} for values {Words(before)}",
                "it must keep the shape and the kind of number");
        }

        if (after.device_type != before.device_type || after.device_index != before.device_index)
        {
            throw Wrong(bound, $"returned values on {after.device}, but the model computes on {before.device}", "move them with to(values.device)");
        }
    }

    private static bool IsOfKind(Tensor before, Tensor after) => before.dtype == after.dtype
        || (before.is_floating_point()
            ? after.is_floating_point()
            : before.is_integral() && before.dtype != ScalarType.Bool && after.is_integral() && after.dtype != ScalarType.Bool);

    private static InterventionException Wrong(BoundIntervention bound, string fact, string remedy) => new("intervention", $"{bound.Name} {fact}; {remedy}.");

    private static string Words(Tensor tensor) => $"of shape [{string.Join(", ", tensor.shape)}] and dtype {tensor.dtype}";
}

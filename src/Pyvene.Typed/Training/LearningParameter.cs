using Pyvene.Typed.Errors;
using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Is one parameter that is trained, with what its optimiser remembers of it.</summary>
/// <param name="name">Its name, unique in a training: <c>intervention.0.mask</c> or <c>model.score.weight</c>.</param>
/// <param name="parameter">The parameter; it stays its module's.</param>
/// <param name="rate">Its learning rate, before the schedule.</param>
/// <param name="decay">Its weight decay.</param>
internal sealed class LearningParameter(string name, Parameter parameter, double rate, double decay) : IDisposable
{
    private readonly (ScalarType, DeviceType, int) kind = (parameter.dtype, parameter.device_type, parameter.device_index);
    private Tensor? first; // mean of the gradients, or momentum
    private Tensor? second; // mean of their squares
    private long count; // of its updates, as in PyTorch: one without a gradient is none

    /// <summary>Gets its name.</summary>
    public string Name => name;

    /// <summary>Gets the parameter.</summary>
    public Parameter Parameter => parameter;

    /// <summary>Gets its learning rate, before the schedule.</summary>
    public double Rate => rate;

    /// <summary>Returns what the optimiser remembers, by name; the count belongs to the current dispose scope.</summary>
    public IEnumerable<(string Name, Tensor Value)> Memory() =>
        new[] { ("first", first), ("second", second), ("count", count == 0 ? null : tensor(count, dtype: int64)) }
            .Where(item => item.Item2 is not null).Select(item => ($"{item.Item1}.{name}", item.Item2!));

    /// <summary>Takes what an optimiser remembered.</summary>
    public void Remember(Func<string, Tensor?> memory)
    {
        Replace(ref first, memory($"first.{name}"));
        Replace(ref second, memory($"second.{name}"));
        count = memory($"count.{name}")?.item<long>() ?? 0;

        void Replace(ref Tensor? place, Tensor? value)
        {
            place?.Dispose();
            place = value?.to(parameter.dtype).to(parameter.device).clone().DetachFromDisposeScope();
        }
    }

    /// <summary>Follows its gradient.</summary>
    /// <param name="optimiser">The rule.</param>
    /// <param name="factor">What the schedule makes of the rate.</param>
    /// <exception cref="InterventionException">The parameter has another dtype or lies elsewhere than when the training began.</exception>
    public void Step(Optimiser optimiser, double factor)
    {
        if (kind != (parameter.dtype, parameter.device_type, parameter.device_index))
        {
            throw new InterventionException("parameters", $"'{name}' was {kind.Item1} on {kind.Item2} when its training began, and is {parameter.dtype} on "
                + $"{parameter.device} now; what the optimiser remembers does not fit it. Convert and move models before they are trained.");
        }

        if (parameter.grad is not { } given) return;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (speed, gradient) = (rate * factor, given);
        count++;
        if (optimiser.Kind == OptimiserKind.AdamW)
        {
            parameter.mul_(Scalars.Of(1 - (speed * decay)));
        }
        else if (decay != 0)
        {
            gradient = gradient.add(parameter, Scalars.Of(decay));
        }

        if (optimiser.Kind == OptimiserKind.Sgd)
        {
            if (optimiser.Momentum != 0)
            {
                first = first?.mul_(Scalars.Of(optimiser.Momentum)).add_(gradient, Scalars.Of(1)) is { } kept
                    ? kept
                    : gradient.clone().DetachFromDisposeScope();
                gradient = first;
            }

            parameter.add_(gradient, Scalars.Of(-speed));
            return;
        }

        var (beta1, beta2) = optimiser.Betas;
        first ??= zeros_like(parameter).detach().DetachFromDisposeScope();
        second ??= zeros_like(parameter).detach().DetachFromDisposeScope();
        // lerp, as PyTorch has it
        first.add_(gradient.sub(first), Scalars.Of(1 - beta1));
        second.mul_(Scalars.Of(beta2)).addcmul_(gradient, gradient, Scalars.Of(1 - beta2));
        var denominator = second.sqrt().div(Scalars.Of(Math.Sqrt(1 - Math.Pow(beta2, count)))).add(Scalars.Of(optimiser.Epsilon), Scalars.Of(1));
        parameter.addcdiv_(first, denominator, Scalars.Of(-speed / (1 - Math.Pow(beta1, count))));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        first?.Dispose();
        second?.Dispose();
    }
}

using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Is what learns in a training: parameters of interventions and of the model. While it lives, all else takes no gradients.</summary>
internal sealed class Learners : IDisposable
{
    private readonly List<(Parameter Parameter, bool Was)> flags = [];
    private readonly Optimiser optimiser;
    private readonly (string Name, Parameter Parameter)[] all;
    private readonly (Regulariser Term, Parameter Parameter)[] terms;
    private readonly Parameter[] temperatures;
    private ScaledRates? rates;

    /// <summary>Chooses what learns.</summary>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="options">The checked options.</param>
    /// <exception cref="InterventionException">Nothing learns, or a name fits no parameter.</exception>
    public Learners(InterventionPlan plan, TrainingOptions options)
    {
        optimiser = options.Optimiser;
        Modules = [.. plan.Specs.Select((spec, index) => (Index: index, (spec.Intervention as Learned)?.Module))
            .Where(item => item.Module is not null).DistinctBy(item => item.Module).Select(item => (item.Index, item.Module!))];
        var inner = Modules.SelectMany(item =>
            item.Module.ParametersByFileName().Select(own => (Name: $"intervention.{item.Index}.{own.Name}", own.Parameter)));
        var model = plan.Model.named_parameters().Select(item => (Name: $"model.{item.name}", Parameter: item.parameter)).ToArray();
        all = [.. inner, .. model.Where(item => !inner.Any(own => ReferenceEquals(own.Parameter, item.Parameter)))];
        Parameters = [.. all.Where(item => item.Name.StartsWith("model.", StringComparison.Ordinal) ? options.TrainsModel : options.TrainsInterventions)
            .Select(Learning).OfType<LearningParameter>()];
        terms = [.. options.Regularisers.SelectMany(term => Named(term.Parameter, "regularisers").Select(parameter => (term, parameter)))];
        temperatures = [.. all.Where(item => Fits(item.Name, "temperature")).Select(item => item.Parameter)];
        foreach (var group in optimiser.Groups)
        {
            Named(group.Name, "optimiser");
        }

        if (options.Temperatures is not null && temperatures.Length == 0)
        {
            throw new InterventionException("temperatures", "A schedule of temperatures is set, but no intervention of the experiment has one.");
        }

        if (Parameters.Count == 0)
        {
            throw new InterventionException(
                "interventions",
                "Nothing learns in this experiment. " + (options.TrainsInterventions && Modules.Count == 0
                    ? "Apply an intervention that does, such as a RotatedSpace, or let the model's weights learn with TrainsModel."
                    : "Every rate is 0, or nothing has a parameter."));
        }

        foreach (var (_, parameter) in all)
        {
            flags.Add((parameter, parameter.requires_grad));
            parameter.requires_grad = Parameters.Any(own => ReferenceEquals(own.Parameter, parameter));
        }
    }

    /// <summary>Gets the interventions' modules, each with the number of the first intervention that it is in.</summary>
    public IReadOnlyList<(int Index, InterventionModule Module)> Modules { get; }

    /// <summary>Gets what learns.</summary>
    public IReadOnlyList<LearningParameter> Parameters { get; }

    /// <summary>Returns the terms of the loss that keep parameters small, or null: [].</summary>
    public Tensor? Terms() => terms.Length == 0
        ? null
        : terms.Select(item => item.Term.Of(item.Parameter)).Aggregate((sum, term) => sum.add(term, Scalars.Of(1)));

    /// <summary>Sets the temperature of every soft mask and boundary.</summary>
    public void Heat(double temperature)
    {
        using var quiet = no_grad();
        foreach (var parameter in temperatures)
        {
            parameter.fill_(Scalars.Of(temperature));
        }
    }

    /// <summary>Returns the rates that a schedule makes, by parameter; the last ones again where they stay.</summary>
    public IReadOnlyDictionary<string, double> RatesAt(double factor)
    {
        rates ??= new(Parameters.ToDictionary(own => own.Name, own => own.Rate), 1);
        return rates = rates.Factor == factor ? rates : new(rates.Before, factor);
    }

    /// <summary>Refuses parameters that are no longer numbers, as gradients without bound make them.</summary>
    /// <exception cref="InterventionException">One is not finite; the message names it.</exception>
    public void RequireFinite(long step)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        if (Parameters.FirstOrDefault(own => !own.Parameter.isfinite().all().cpu().item<bool>()) is { } broken)
        {
            throw new InterventionException("parameters", FormattableString.Invariant(
                $"'{broken.Name}' has a number that is not finite behind step {step}. A checkpoint of before stays as it is. Lower the rate, or bound the ")
                + "gradients with ClipNorm.");
        }
    }

    /// <summary>Scales the gradients down to a norm.</summary>
    /// <exception cref="InterventionException">Their norm is no number; nothing was changed.</exception>
    public void Clip(double largest)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var norm = Math.Sqrt(Parameters.Where(own => own.Parameter.grad is not null)
            .Sum(own => Math.Pow(own.Parameter.grad!.to(float64).norm().item<double>(), 2)));
        if (!double.IsFinite(norm))
        {
            throw new InterventionException(
                "gradients",
                FormattableString.Invariant($"The norm of the gradients is {norm}, so that no update can follow them. Look at the loss and at the rate."));
        }

        var share = largest / (norm + 1e-6); // as PyTorch's clip_grad_norm_
        if (share >= 1) return;
        foreach (var own in Parameters)
        {
            own.Parameter.grad?.mul_(Scalars.Of(share));
        }
    }

    /// <summary>Lets every parameter follow its gradient.</summary>
    public void Step(double factor)
    {
        foreach (var own in Parameters)
        {
            own.Step(optimiser, factor);
        }
    }

    /// <summary>Forgets all gradients.</summary>
    public void Forget()
    {
        foreach (var own in Parameters)
        {
            own.Parameter.grad = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        foreach (var (parameter, was) in flags)
        {
            parameter.requires_grad = was;
        }

        foreach (var own in Parameters)
        {
            own.Dispose();
        }
    }

    private static bool Fits(string name, string end) => name == end || name.EndsWith("." + end, StringComparison.Ordinal);

    private LearningParameter? Learning((string Name, Parameter Parameter) item)
    {
        var group = optimiser.Groups.FirstOrDefault(one => Fits(item.Name, one.Name));
        var rate = group?.LearningRate ?? (Fits(item.Name, "temperature") ? 0 : optimiser.LearningRate);
        return rate == 0 ? null : new LearningParameter(item.Name, item.Parameter, rate, group?.WeightDecay ?? optimiser.WeightDecay);
    }

    private IEnumerable<Parameter> Named(string end, string field)
    {
        Parameter[] found = [.. all.Where(item => Fits(item.Name, end)).Select(item => item.Parameter)];
        return found.Length > 0 ? found : throw new InterventionException(
            field,
            "No parameter's name ends with "
                + $"'{end}'.{NearestName.Suggestion(end, [.. all.Select(item => item.Name[(item.Name.LastIndexOf('.') + 1)..]).Distinct()])}");
    }
}

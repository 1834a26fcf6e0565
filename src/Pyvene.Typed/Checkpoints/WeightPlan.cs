using Pyvene.Typed.Errors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Says from which stored tensor each parameter and each buffer, such as the statistics of a batch norm, of a model is read.</summary>
/// <remarks>Building it finds everything that does not fit, before memory is taken for a weight.</remarks>
internal sealed class WeightPlan
{
    private readonly ITensorSource source;
    private readonly IReadOnlyDictionary<string, string> storedNames;

    private WeightPlan(ITensorSource source, IReadOnlyDictionary<string, string> storedNames)
    {
        this.source = source;
        this.storedNames = storedNames;
    }

    /// <summary>Matches the parameters and buffers of a model, which may live on the meta device, with stored tensors.</summary>
    /// <param name="source">The stored tensors.</param>
    /// <param name="model">The model.</param>
    /// <param name="layout">How stored names relate to parameter names.</param>
    /// <exception cref="CheckpointException">Tensors are missing, unexpected or of the wrong shape; the message names the first of them and how many there are.</exception>
    public static WeightPlan Match(ITensorSource source, nn.Module model, CheckpointLayout layout)
    {
        var parameters = TensorsOf(model);
        var storedNames = new Dictionary<string, string>(StringComparer.Ordinal);
        var problems = new List<string>();
        var isPrefixed = layout.BasePrefix.Length > 0 && source.Names.Any(name => name.StartsWith(layout.BasePrefix, StringComparison.Ordinal));
        foreach (var stored in source.Names)
        {
            if (ParameterFor(stored, source, layout, parameters, isPrefixed) is not { } name)
            {
                continue;
            }

            if (!parameters.TryGetValue(name, out var parameter))
            {
                problems.Add($"unexpected: '{stored}' {source.Info(stored)}");
            }
            else if (storedNames.TryAdd(name, stored))
            {
                AddShapeProblem(problems, stored, source.Info(stored), parameter);
            }
        }

        var missing = parameters.Where(item => !storedNames.ContainsKey(item.Key));
        problems.AddRange(missing.Select(item => $"missing: '{item.Key}' [{string.Join(", ", item.Value.shape)}]"));
        return problems.Count == 0
            ? new WeightPlan(source, storedNames)
            : throw new CheckpointException(
                source.Path, $"The tensors do not fit {model.GetName()} as its config.json describes it:\n  {Listed(problems)}");
    }

    /// <summary>Joins problems, of which there may be as many as tensors: the first in full, and how many more there are.</summary>
    private static string Listed(IReadOnlyCollection<string> problems)
    {
        const int MostListed = 30, Longest = 300;
        var first = problems.Take(MostListed).Select(problem => problem.Length > Longest ? problem[..Longest] + "…" : problem);
        return string.Join("\n  ", problems.Count > MostListed ? first.Append($"and {problems.Count - MostListed} more.") : first);
    }

    /// <summary>Reads every parameter and buffer of a model of the matched kind; stored floats of another width are converted.</summary>
    /// <param name="model">The model, on any device but meta.</param>
    /// <exception cref="CheckpointException">A file is shorter than when it was opened.</exception>
    public void Fill(nn.Module model)
    {
        var parameters = TensorsOf(model);
        try
        {
            Parallel.ForEach(storedNames, item => source.CopyTo(item.Value, parameters[item.Key]));
        }
        catch (AggregateException error)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }

    private static Dictionary<string, Tensor> TensorsOf(nn.Module model) =>
        model.named_parameters().Select(item => (item.name, tensor: (Tensor)item.parameter)).Concat(model.named_buffers().Select(item => (item.name, tensor: item.buffer)))
            .ToDictionary(item => item.name, item => item.tensor, StringComparer.Ordinal);

    /// <summary>Returns the parameter that a stored name stands for, whether it exists or not; <see langword="null"/> when it is to be ignored.</summary>
    private static string? ParameterFor(
        string stored, ITensorSource source, CheckpointLayout layout, Dictionary<string, Tensor> parameters, bool isPrefixed)
    {
        foreach (var (old, now) in layout.RenamedEndings)
        {
            stored = stored.EndsWith(old, StringComparison.Ordinal) ? stored[..^old.Length] + now : stored;
        }

        if (layout.IgnoredEndings.Any(ending => stored.EndsWith(ending, StringComparison.Ordinal)))
        {
            return null;
        }

        if (layout.IsBare)
        {
            var isHead = layout.Tied.ContainsKey(stored) || (isPrefixed && !stored.StartsWith(layout.BasePrefix, StringComparison.Ordinal));
            return isHead ? null : isPrefixed ? stored[layout.BasePrefix.Length..] : stored;
        }

        if (!parameters.ContainsKey(stored) && layout.Tied.TryGetValue(stored, out var tied))
        {
            var isStoredTwice = source.Contains(tied) || source.Contains(tied[layout.BasePrefix.Length..]);
            return isStoredTwice ? null : tied;
        }

        return isPrefixed || parameters.ContainsKey(stored) ? stored : layout.BasePrefix + stored;
    }

    private static void AddShapeProblem(List<string> problems, string stored, TensorInfo info, Tensor parameter)
    {
        if (!info.Shape.SequenceEqual(parameter.shape))
        {
            problems.Add($"wrong shape: '{stored}' expected [{string.Join(", ", parameter.shape)}], actual [{string.Join(", ", info.Shape)}]");
        }
        else if (!parameter.is_floating_point())
        {
            if (info.Dtype != parameter.dtype)
            {
                problems.Add($"wrong dtype: '{stored}' expected {parameter.dtype}, actual {info.Dtype}");
            }
        }
        else if (info.Dtype is not (ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16))
        {
            problems.Add($"wrong dtype: '{stored}' expected a floating-point dtype, actual {info.Dtype}");
        }
    }
}

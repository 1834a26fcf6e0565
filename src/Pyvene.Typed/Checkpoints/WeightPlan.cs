using Pyvene.Typed.Errors;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Says from which stored tensor each parameter and each buffer, such as the statistics of a batch norm, of a model is read.</summary>
/// <remarks>Building it finds everything that does not fit, before memory is taken for a weight. A second tensor for the same parameter, such as a stored head
/// that is tied to the
/// embedding, is compared with the first when the weights are read: none is ever dropped unseen.</remarks>
internal sealed class WeightPlan
{
    /// <summary>How many tensors are read at once: each may need a buffer, and no disk is faster with more.</summary>
    private const int MostReaders = 8;

    private readonly ITensorSource source;
    private readonly IReadOnlyDictionary<string, string> storedNames;
    private readonly IReadOnlyList<(string Stored, string Parameter, bool IsTied)> copies;

    private WeightPlan(
        ITensorSource source, IReadOnlyDictionary<string, string> storedNames, IReadOnlyList<(string Stored, string Parameter, bool IsTied)> copies) =>
        (this.source, this.storedNames, this.copies) = (source, storedNames, copies);

    /// <summary>Matches the parameters and buffers of a model, which may live on the meta device, with stored tensors.</summary>
    /// <param name="source">The stored tensors.</param>
    /// <param name="model">The model.</param>
    /// <param name="layout">How stored names relate to parameter names.</param>
    /// <exception cref="CheckpointException">Tensors are missing, unexpected or of the wrong shape; the message names the first of them and how many there
    /// are.</exception>
    public static WeightPlan Match(ITensorSource source, nn.Module model, CheckpointLayout layout)
    {
        var parameters = TensorsOf(model);
        var names = new StoredNames(source, layout, model, parameters);
        var storedNames = new Dictionary<string, string>(StringComparer.Ordinal);
        var copies = new List<(string Stored, string Parameter, bool IsTied)>();
        var problems = new List<string>();
        foreach (var stored in source.Names.OrderBy(layout.Tied.ContainsKey)) // a tied head comes after the embedding that it is compared with
        {
            if (names.ParameterFor(stored) is not { } name)
            {
                continue;
            }

            if (!parameters.TryGetValue(name, out var parameter))
            {
                problems.Add($"unexpected: '{stored}' {source.Describe(stored)}");
                continue;
            }

            if (!storedNames.TryAdd(name, stored))
            {
                copies.Add((stored, name, layout.Tied.ContainsKey(stored)));
            }

            AddShapeProblem(problems, stored, storedNames[name], source.Info(stored), parameter);
        }

        var missing = parameters.Where(item => !storedNames.ContainsKey(item.Key));
        problems.AddRange(missing.Select(item => $"missing: '{item.Key}' [{string.Join(", ", item.Value.shape)}]"));
        return problems.Count == 0
            ? new WeightPlan(source, storedNames, copies)
            : throw new CheckpointException(
                source.Path, $"The tensors do not fit {model.GetName()} as its configuration describes it:\n  {Listed(problems)}");
    }

    /// <summary>Joins problems, of which there may be as many as tensors: the first in full, and how many more there are.</summary>
    private static string Listed(IReadOnlyCollection<string> problems)
    {
        const int MostListed = 30, Longest = 300;
        var first = problems.Take(MostListed).Select(problem => Excerpt.Of(problem, Longest));
        return string.Join("\n  ", problems.Count > MostListed ? first.Append($"and {problems.Count - MostListed} more.") : first);
    }

    /// <summary>Reads every parameter and buffer of a model of the matched kind; stored floats of another width are converted.</summary>
    /// <remarks>Beside the model this takes <see cref="StoredView.LargestPart"/> for each of a few readers, however large the tensors are.</remarks>
    /// <param name="model">The model, on any device but meta.</param>
    /// <exception cref="CheckpointException">A file is shorter than when it was opened, or two tensors for one parameter differ.</exception>
    public void Fill(nn.Module model)
    {
        var parameters = TensorsOf(model);
        try
        {
            var readers = new ParallelOptions { MaxDegreeOfParallelism = MostReaders };
            Parallel.ForEach(storedNames, readers, item => source.CopyTo(item.Value, parameters[item.Key]));
        }
        catch (AggregateException error)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }

        foreach (var (stored, name, isTied) in copies)
        {
            RequireEqual(stored, name, parameters[name], isTied);
        }
    }

    private void RequireEqual(string stored, string name, Tensor kept, bool isTied)
    {
        if (source.Holds(stored, kept))
        {
            return;
        }

        throw new CheckpointException(source.Path, isTied
            ? $"Tensor '{stored}' holds other values than '{storedNames[name]}', but config.json ties the two, so that one of them would be dropped. "
                + $"Set \"tie_word_embeddings\" to false there to use both, or remove '{stored}' from the file."
            : $"The tensors '{storedNames[name]}' and '{stored}' both stand for the parameter '{name}' and hold different values. Remove the one that is not "
                + "meant.");
    }

    private static Dictionary<string, Tensor> TensorsOf(nn.Module model) =>
        model.named_parameters()
            .Select(item => (item.name, tensor: (Tensor)item.parameter))
            .Concat(model.named_buffers().Select(item => (item.name, tensor: item.buffer)))
            .ToDictionary(item => item.name, item => item.tensor, StringComparer.Ordinal);

    private static void AddShapeProblem(List<string> problems, string stored, string first, TensorInfo info, Tensor parameter)
    {
        var also = stored == first ? "" : $", as '{first}', which stands for the same parameter";
        if (!info.Shape.SequenceEqual(parameter.shape))
        {
            problems.Add($"wrong shape: '{stored}' expected [{string.Join(", ", parameter.shape)}]{also}, actual [{string.Join(", ", info.Shape)}]");
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

using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Finds the parameters of a model that the names of a checkpoint stand for.</summary>
internal sealed class StoredNames
{
    private readonly CheckpointLayout layout;
    private readonly IReadOnlyDictionary<string, Tensor> parameters;
    private readonly HashSet<string> modules;
    private readonly ITensorSource source;
    private readonly bool isPrefixed;

    /// <summary>Looks at the names of a checkpoint and of a model.</summary>
    /// <param name="source">The stored tensors.</param>
    /// <param name="layout">How their names relate to the parameters.</param>
    /// <param name="model">The model.</param>
    /// <param name="parameters">Its parameters and buffers.</param>
    public StoredNames(ITensorSource source, CheckpointLayout layout, nn.Module model, IReadOnlyDictionary<string, Tensor> parameters)
    {
        (this.source, this.layout, this.parameters) = (source, layout, parameters);
        modules = [.. model.named_modules().Select(item => item.name)];
        isPrefixed = layout.BasePrefix.Length > 0 && source.Names.Any(name => name.StartsWith(layout.BasePrefix, StringComparison.Ordinal));
    }

    /// <summary>Returns the parameter that a stored name stands for, whether it exists or not; <see langword="null"/> when it is to be ignored.</summary>
    /// <param name="stored">The stored name.</param>
    public string? ParameterFor(string stored)
    {
        foreach (var (old, now) in layout.RenamedEndings)
        {
            stored = stored.EndsWith(old, StringComparison.Ordinal) ? stored[..^old.Length] + now : stored;
        }

        if (layout.IgnoredEndings.Any(ending => stored.EndsWith(ending, StringComparison.Ordinal))
            || layout.IgnoredStarts.Any(start => stored.StartsWith(start, StringComparison.Ordinal)))
        {
            return null;
        }

        if (layout.IsBare)
        {
            var isBody = isPrefixed && stored.StartsWith(layout.BasePrefix, StringComparison.Ordinal);
            var isHead = layout.Tied.ContainsKey(stored) || (isPrefixed && !isBody && !parameters.ContainsKey(stored));
            return isHead ? null : isBody ? stored[layout.BasePrefix.Length..] : stored;
        }

        if (!parameters.ContainsKey(stored) && layout.Tied.TryGetValue(stored, out var tied))
        {
            // A model without this head, such as a classifier, takes the tensor only where it stands for the embedding.
            var hasHead = modules.Contains(stored[..stored.LastIndexOf('.')]);
            return hasHead || !(source.Contains(tied) || source.Contains(tied[layout.BasePrefix.Length..])) ? tied : null;
        }

        return isPrefixed || parameters.ContainsKey(stored) ? stored : layout.BasePrefix + stored;
    }
}

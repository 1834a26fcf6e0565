using System.Collections.Immutable;
using Pyvene.Typed.Errors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

public abstract partial class InterventionModule
{
    private const string WidthName = "embed_dim";
    private const string DimensionsName = "interchange_dim";

    /// <summary>Returns copies of the tensors under pyvene's names, with <c>embed_dim</c> and <c>interchange_dim</c>, int64.</summary>
    /// <returns>Detached copies on the module's device; the caller disposes them.</returns>
    public IReadOnlyDictionary<string, Tensor> CopyState()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var state = StateEntries().ToDictionary(entry => entry.Name, entry => entry.Copy(), StringComparer.Ordinal);
        state[WidthName] = tensor((long)Width);
        state[DimensionsName] = DimensionsTensor();
        foreach (var copy in state.Values)
        {
            copy.MoveToOuterDisposeScope();
        }

        return state;
    }

    /// <summary>Replaces the values of the tensors, all or none, after the names and the shapes were checked.</summary>
    /// <param name="state">The tensors by name; they stay the caller's. <c>embed_dim</c> and <c>interchange_dim</c> may be left out.</param>
    /// <exception cref="InterventionException">A name is missing or unknown, or a shape differs; nothing was replaced.</exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var entries = StateEntries().ToArray();
        Check(state, entries);
        var read = state.TryGetValue(DimensionsName, out var chosen) ? ReadDimensions(chosen) : dimensions;
        foreach (var entry in entries)
        {
            entry.Replace(state[entry.Name]);
        }

        dimensions = read;
    }

    /// <summary>Returns the parameters under pyvene's names.</summary>
    internal IEnumerable<(string Name, Parameter Parameter)> ParametersByFileName() =>
        StateEntries().Where(entry => entry.Live is Parameter).Select(entry => (entry.Name, (Parameter)entry.Live!));

    /// <summary>Returns the tensors as files hold them; without an override, those of the module under the names of its fields.</summary>
    private protected virtual IEnumerable<StateEntry> StateEntries() => state_dict().Select(entry => StateEntry.Of(entry.Key, entry.Value));

    private void Check(IReadOnlyDictionary<string, Tensor> state, StateEntry[] entries)
    {
        if (entries.FirstOrDefault(entry => !state.ContainsKey(entry.Name)) is { } missing)
        {
            throw new InterventionException(
                "state", $"The state of '{Type}' lacks '{missing.Name}' [{string.Join(", ", missing.Shape)}]; it has {string.Join(", ", state.Keys)}.");
        }

        var names = entries.Select(entry => entry.Name).Append(WidthName).Append(DimensionsName).ToArray();
        if (state.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw new InterventionException(
                "state", $"The state of '{Type}' has no place for '{unknown}'.{NearestName.Suggestion(unknown, names)} It takes {string.Join(", ", names)}.");
        }

        if (entries.FirstOrDefault(entry => !state[entry.Name].shape.SequenceEqual(entry.Shape)) is { } other)
        {
            throw new InterventionException(
                "state",
                $"'{other.Name}' of '{Type}' must be [{string.Join(", ", other.Shape)}], but is [{string.Join(", ", state[other.Name].shape)}]; "
                    + "the state is of a module of other sizes.");
        }

        if (state.TryGetValue(WidthName, out var width) && (width.numel() != 1 || width.to(int64).cpu().item<long>() != Width))
        {
            throw new InterventionException(
                "state",
                $"The state is of a '{Type}' whose {WidthName} is {string.Join(", ", width.to(int64).cpu().data<long>().ToArray())}, but this one is "
                    + $"{Width} wide.");
        }
    }

    /// <summary>A number stands for that many first dimensions, a list for itself.</summary>
    private Tensor DimensionsTensor() =>
        Dimensions is not { } chosen ? tensor(CountsLeading ? Math.Max(Width, SpaceWidth ?? 1L) : Width)
        : CountsLeading && chosen.Select((dimension, place) => dimension == place).All(isLeading => isLeading) ? tensor((long)chosen.Length)
        : tensor(chosen.Select(dimension => (long)dimension).ToArray()); // [dimension]

    private ImmutableArray<int>? ReadDimensions(Tensor stored)
    {
        var values = stored.to(int64).cpu().data<long>().ToArray();
        if (SpaceWidth is not { } space || (stored.ndim == 0 && (!CountsLeading || values[0] >= space)))
        {
            return null;
        }

        try
        {
            return Checked(stored.ndim == 0 ? [.. Enumerable.Range(0, checked((int)values[0]))] : [.. values.Select(value => checked((int)value))]);
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new InterventionException("state", $"'{DimensionsName}' of '{Type}': {error.Message}", error);
        }
    }

    /// <summary>Gets whether a single number in the state counts leading dimensions.</summary>
    private protected virtual bool CountsLeading => true;
}

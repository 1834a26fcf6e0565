using Pyvene.Typed.Descriptors.Reading;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Descriptors;

/// <summary>Makes of a descriptor's JSON what the generator makes of it at build time.</summary>
internal static class DescriptorFile
{
    private const int MostTold = 10;

    /// <summary>Reads a descriptor.</summary>
    /// <param name="text">The descriptor as it is written.</param>
    /// <param name="others">The descriptors that it may be like, beside those of the library.</param>
    /// <exception cref="InterventionException">The descriptor has errors; the message tells each with its line and column.</exception>
    public static ArchitectureDescriptor Read(DescriptorText text, IReadOnlyList<DescriptorText> others)
    {
        var parsed = DescriptorParser.Parse(DescriptorChain.Of(text, others));
        if (parsed.Model is { } model) return Of(model);
        var told = parsed.Diagnostics.Take(MostTold).Select(error => $"\n  {error}");
        var rest = parsed.Diagnostics.Count > MostTold ? $"\n  and {parsed.Diagnostics.Count - MostTold} more" : "";
        throw new InterventionException("architecture", $"'{text.Path}' describes no architecture:{string.Concat(told)}{rest}");
    }

    private static ArchitectureDescriptor Of(ModelSpec model)
    {
        var rows = model.Rows.ToDictionary(row => row.Stack, StringComparer.Ordinal);
        return new ArchitectureDescriptor
        {
            Key = model.Architecture,
            Summary = model.Summary,
            Classes = model.Classes.ToDictionary(served => served.Name, served => served.Prefix, StringComparer.Ordinal),
            Sizes = Lists(model.Sizes, size => size.Name, size => size.Alternatives),
            LayerCount = rows.GetValueOrDefault("")?.Count,
            Components = [.. model.Components.Select(component => Of(component, rows.GetValueOrDefault(component.Stack)))],
            Residuals = Lists(model.Residuals, residual => residual.Sum, residual => residual.Terms),
            Checkpoints = model.Checkpoints.ToDictionary(checkpoint => checkpoint.Name, Of, StringComparer.Ordinal),
        };
    }

    private static ComponentDescriptor Of(ComponentSpec component, LayerRowSpec? row) => new()
    {
        Name = component.Name,
        Path = component.Path,
        Side = component.IsInput ? HookSide.Input : HookSide.Output,
        Item = component.Item,
        Argument = component.Argument,
        View = [.. component.View.Select(Of)],
        Axes = [.. component.Axes],
        Width = component.Width,
        Heads = component.Heads,
        LayerCount = component.IsPerLayer ? row!.Count : null,
        SublayerCount = component.IsPerSublayer ? row!.Inner!.Count : null,
        Classes = [.. component.Classes],
        Conditions = [.. component.Conditions.Select(condition => new ConfigCondition(condition.Field, [.. condition.Values]))],
        OnlyLayers = component.OnlyLayers,
        ExceptLayers = component.ExceptLayers,
        PyveneName = component.Pyvene,
        Summary = component.Summary,
    };

    private static ViewStep Of(ViewStepSpec step) => step.Kind switch
    {
        ViewStepKind.Chunk => new ViewStep.Chunk(step.Parts, step.Index),
        ViewStepKind.Split => new ViewStep.Split([.. step.Sizes], step.Index),
        ViewStepKind.Grouped => new ViewStep.Grouped(step.Sizes[0], step.Parts, step.Index),
        ViewStepKind.Heads => new ViewStep.Heads(step.Sizes[0]),
        ViewStepKind.Tokens => new ViewStep.Tokens(step.Sizes[0]),
        ViewStepKind.ChannelsFirst => new ViewStep.ChannelsFirst(step.Sizes[0]),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step.Kind, "No step of a view is of this kind."),
    };

    private static CheckpointDescriptor Of(CheckpointSpec checkpoint) => new()
    {
        Hub = checkpoint.Hub,
        Sizes = checkpoint.Sizes.ToDictionary(size => size.Name, size => size.Value, StringComparer.Ordinal),
    };

    private static Dictionary<string, IReadOnlyList<string>> Lists<T>(
        EquatableArray<T> items, Func<T, string> name, Func<T, EquatableArray<string>> values)
        where T : IEquatable<T> => items.ToDictionary(name, item => (IReadOnlyList<string>)[.. values(item)], StringComparer.Ordinal);
}

using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Conformance;

namespace Pyvene.Typed.Tests.Descriptors;

/// <summary>
/// Everything that the reference implementation says about the components of an architecture can be said in a descriptor: one that ships, or one under
/// <c>Architectures</c> for those that have no class here.
/// </summary>
public sealed class ReferenceComponentsTests
{
    private static readonly string Own = Path.Combine(Repository.Root, "tests", "Pyvene.Typed.Tests", "Descriptors", "References");

    public static TheoryData<string> Tables => [.. Folders(Own), .. Folders(Path.Combine(GoldenRoots.Shared, "models"))];

    [Theory]
    [MemberData(nameof(Tables))]
    public void EveryComponentOfTheReferenceIsDescribedAsItIs(string folder)
    {
        var reference = ReferenceTable.Read(Path.GetFullPath(folder, Repository.Root));
        var descriptor = DescriptorOf(reference);
        Assert.Equal(
            reference.Components.Select(component => component.ToString()),
            reference.Components.Select(component => $"{Described(descriptor, component, reference)}"));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void EveryLayerThatHasAComponentInTheReferenceHasItInTheDescriptorAndNoOther(string folder)
    {
        var reference = ReferenceTable.Read(Path.GetFullPath(folder, Repository.Root));
        var descriptor = DescriptorOf(reference);
        var sizes = new ArchitectureSizes(descriptor, reference.Config);
        foreach (var layers in reference.Components.GroupBy(component => component.Name))
        {
            var component = descriptor.Components.First(item => item.Name == layers.Key);

            // The reference leaves out blocks of a stage whose module does nothing there.
            if (component.IsPerSublayer) continue;
            var expected = component.LayerCount is null ? [""] : Enumerable.Range(0, (int)sizes[component.LayerCount])
                .Where(layer => ComponentGate.HasLayer(component, reference.Config, layer))
                .Select(layer => $"[{layer}]");
            Assert.Equal(expected, layers.Select(layer => layer.Layer));
        }
    }

    [Fact]
    public void TheTablesAreThere() => Assert.True(Folders(Own).Count() > 10);

    private static ArchitectureDescriptor DescriptorOf(ReferenceTable reference) =>
        reference.Class == "module.json" && ArchitectureDescriptor.TryFind(reference.Key, out var plain)
            ? plain
            : ArchitectureDescriptor.KnownKeys.Select(key => ArchitectureDescriptor.TryFind(key, out var descriptor) ? descriptor : null)
                .First(descriptor => descriptor!.Classes.ContainsKey(reference.Class))!;

    // Of a class that pyvene does not know, the tables leave [batch · position, width] as it is, in which no position could be chosen.
    private static ReferenceComponent? Described(ArchitectureDescriptor descriptor, ReferenceComponent reference, ReferenceTable table)
    {
        if (!descriptor.TryFindComponent(reference.Name, out var component)) return null;
        var layers = reference.Layer.Split(['[', ']'], StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToArray();
        var sizes = layers.Length == 0 ? new ArchitectureSizes(descriptor, table.Config) : new ArchitectureSizes(descriptor, table.Config, layers[0]);
        var model = table.Class == "module.json" ? descriptor.Classes.Keys.Single() : table.Class;
        ComponentGate.Check(component, model, table.Config, layers.Length == 0 ? null : (int)layers[0], reference.Name);
        var path = component.Path.StartsWith('/') ? component.Path[1..] : descriptor.Classes[model] + component.Path;
        var place = new ReferenceComponent(
            component.Name,
            $"{(component.IsPerLayer ? $"[{layers[0]}]" : "")}{(component.IsPerSublayer ? $"[{layers[1]}]" : "")}",
            layers.Length == 0
                ? path
                : path.Replace("[layer]", $"[{layers[0]}]", StringComparison.Ordinal).Replace("[sublayer]", $"[{layers[^1]}]", StringComparison.Ordinal),
            component.Side == HookSide.Input ? "input" : "output",
            component.Argument ?? $"{component.Item}",
            string.Join(", ", component.View.SkipWhile(step => step is ViewStep.Tokens && reference.View.Length == 0).Select(step => Step(step, sizes))),
            WidthOf(component, sizes),
            reference.Axes is null ? null : string.Join(", ", component.Axes.Zip(reference.Axes.Split(", "), (axis, word) => Axis(axis, word, sizes))));
        return SeesTheSame(place, reference) ? place with { Path = reference.Path, Side = reference.Side, Item = reference.Item } : place;
    }

    // Paths are compared as TorchSharp writes them. What is not the first element of a tuple in the reference is the result of a module of its own in our
    // models, which lies in the one that returned the tuple.
    private static bool SeesTheSame(ReferenceComponent described, ReferenceComponent reference)
    {
        var (own, other) = (ModuleTree.Normalise(described.Path).Trim('.'), ModuleTree.Normalise(reference.Path).Trim('.'));
        return own == other
            ? (described.Side, described.Item) == (reference.Side, reference.Item)
            : described.Item == "0" && reference.Item == "1" && own.StartsWith(other + ".", StringComparison.Ordinal);
    }

    private static long? WidthOf(ComponentDescriptor component, ArchitectureSizes sizes) =>
        component.Axes.Skip(1).Select(sizes.TryEvaluate).LastOrDefault(size => size is not null);

    // An axis that has a size is that of the features, or of what the reference calls it.
    private static string Axis(string axis, string word, ArchitectureSizes sizes) => (axis, word) switch
    {
        ("kvHead", "head") or ("step" or "frame" or "patch" or "decoderPosition", "position") => word,
        (_, "feature" or "channel" or "label") when sizes.TryEvaluate(axis) is not null => word,
        _ => axis,
    };

    private static string Step(ViewStep step, ArchitectureSizes sizes) => step switch
    {
        ViewStep.Chunk chunk => $"chunk {chunk.Parts} {chunk.Index}",
        ViewStep.Split split => $"split {string.Join('+', split.Sizes.Select(size => sizes[size]))} {split.Index}",
        ViewStep.Grouped grouped => $"grouped {sizes[grouped.Groups]} {grouped.Parts} {grouped.Index}",
        ViewStep.Heads heads => $"heads {sizes[heads.Count]}",
        ViewStep.Tokens tokens => $"tokens {tokens.Batch}",
        ViewStep.ChannelsFirst channels => $"channelsFirst {channels.Length}",
        _ => throw new InvalidOperationException($"{step} is unknown."),
    };

    // Relative to the repository, so that the names of cases are the same everywhere.
    private static IEnumerable<string> Folders(string root) => !Directory.Exists(root)
        ? []
        : Directory.GetDirectories(root)
            .Where(folder => File.Exists(Path.Combine(folder, "components.json")))
            .Select(folder => Path.GetRelativePath(Repository.Root, folder))
            .Order(StringComparer.Ordinal);
}

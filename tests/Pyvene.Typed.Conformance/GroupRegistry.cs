using Pyvene.Typed.Conformance.Groups;

namespace Pyvene.Typed.Conformance;

/// <summary>The groups that the library can run, one line each.</summary>
internal static class GroupRegistry
{
    private static readonly IGroup[] Known =
    [
        new CausalGroup(),
        new GenerationGroup(),
        new GgufGroup(),
        new GgufModelsGroup(),
        new InterventionsGroup(),
        new ModelsGroup(),
        new RealGroup(),
        new SavedGroup(),
        new TokenizerGroup(),
        new TrainingGroup(),
    ];

    /// <summary>Returns what runs a group; a group that the library cannot run yet gets its cases listed as not supported.</summary>
    public static IGroup Of(string name) => Known.FirstOrDefault(group => group.Name == name) ?? new UnsupportedGroup(name);
}

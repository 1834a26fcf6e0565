using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>
/// Is what goes into or comes out of a module of your own whose axes are not described: [batch, …, width]. Positions are those of its second axis; whether it
/// has one shows when it runs.
/// </summary>
/// <typeparam name="TModel">The class that the module is a part of.</typeparam>
public sealed class ModuleSite<TModel> : Site<TModel>, IPositional<PositionedSite<TModel>>, IGenerative
    where TModel : IArchitecture
{
    /// <summary>Initialises the place; generated code calls this.</summary>
    /// <param name="modulePath">The module's path, such as <c>blocks[2].fc1</c>.</param>
    /// <param name="side">The side of the module.</param>
    public ModuleSite(string modulePath, HookSide side)
        : base(new SiteSpec { ModulePath = modulePath, Side = side })
    {
    }

    PositionedSite<TModel> IPositional<PositionedSite<TModel>>.PlacedAt(Positions positions) => new(Spec with { At = positions });
}

namespace Pyvene.Typed.Descriptors;

/// <summary>Says which side of a module a component is.</summary>
public enum HookSide
{
    /// <summary>The first argument of the module's call.</summary>
    Input,

    /// <summary>The result of the module's call; of a tuple, its first tensor.</summary>
    Output,
}

namespace Pyvene.Typed.Engine;

/// <summary>Puts the lanes that are needed in a stage into the tensors of a pass.</summary>
internal interface IPassArrangement
{
    /// <summary>Arranges the lanes before a stage; one that was not there starts as a copy of its parent.</summary>
    /// <param name="lanes">The lanes.</param>
    /// <param name="isBehindBlocks">Whether the stage is the one behind the blocks, in which every lane has all of its positions.</param>
    void Arrange(IReadOnlyList<Lane> lanes, bool isBehindBlocks);
}
